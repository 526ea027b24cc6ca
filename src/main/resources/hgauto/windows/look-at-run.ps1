# look-at-run.ps1: prints the state of a run's scheduled task, and what may be wrong.
$task = Get-ScheduledTask -TaskName "hgauto-run-$($Parameters.run)" -ErrorAction SilentlyContinue
if (-not $task) {
  'Gone'
  return
}
$result = ($task | Get-ScheduledTaskInfo).LastTaskResult
$free = [Math]::Floor((Get-PSDrive -Name C).Free / 1048576)
"$($task.State), last result $result, $free MiB free on C:"
