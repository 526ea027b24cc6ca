# start-run.ps1: starts a run as Administrator, in a scheduled task that needs no password (S4U).
$alone = Enter-Alone 'hgauto-start-run'
$name = "hgauto-run-$($Parameters.run)"
if (Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue) {
  return # the request to run this was made again, since its answer was lost
}
Get-ScheduledTask -TaskName 'hgauto-run-*' | Where-Object State -NE 'Running' |
  Unregister-ScheduledTask -Confirm:$false
$folder = "C:\hgdev\runs\$($Parameters.run)"
if ($Parameters.PSObject.Properties['script']) { # a larger one was sent as a file before
  New-Item -ItemType Directory -Path $folder -Force | Out-Null
  [IO.File]::WriteAllText("$folder\run.ps1", $Parameters.script)
}
$task = [Convert]::ToBase64String($utf8.GetBytes((@{ run = $Parameters.run } | ConvertTo-Json)))
$arguments = "$PowerShellOptions -File C:\hgdev\runs\run-as-administrator.ps1 $task"
$action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $arguments -WorkingDirectory $folder
$administrator = New-ScheduledTaskPrincipal -UserId "$env:COMPUTERNAME\Administrator" `
  -LogonType S4U -RunLevel Highest
# By itself a task has less than the normal priority, for disks too.
$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -Priority 4 `
  -ExecutionTimeLimit (New-TimeSpan -Seconds $Parameters.atMostSeconds)
Register-ScheduledTask -TaskName $name -Action $action -Principal $administrator -Settings $settings | Out-Null
Start-ScheduledTask -TaskName $name
