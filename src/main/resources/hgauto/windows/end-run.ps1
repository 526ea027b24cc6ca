# end-run.ps1: ends a run with all that it has started.
$name = "hgauto-run-$($Parameters.run)"
$task = Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue
if (-not $task) {
  return
}
$file = "C:\hgdev\runs\$($Parameters.run)\pid.txt"
if ($task.State -eq 'Running' -and (Test-Path -Path $file)) {
  # To stop the task would leave the programs that it runs.
  & taskkill.exe /F /T /PID ([IO.File]::ReadAllText($file))
  if ($LASTEXITCODE -notin 0, 128) { # 128: it has just ended
    throw "taskkill.exe ended with $LASTEXITCODE"
  }
}
Stop-ScheduledTask -TaskName $name
Unregister-ScheduledTask -TaskName $name -Confirm:$false
