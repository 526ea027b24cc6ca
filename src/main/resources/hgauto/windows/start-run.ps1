# start-run.ps1: starts a run as Administrator, in a scheduled task that needs no password (S4U).
$name = "hgauto-run-$($Parameters.run)"
if (Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue) {
  return # the request to run this was made again, since its answer was lost
}
Get-ScheduledTask -TaskName 'hgauto-run-*' | Where-Object State -NE 'Running' |
  Unregister-ScheduledTask -Confirm:$false
$arguments = "$PowerShellOptions -File C:\hgdev\runs\run-as-administrator.ps1 $($args[0])"
$action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $arguments `
  -WorkingDirectory "C:\hgdev\runs\$($Parameters.run)"
$administrator = New-ScheduledTaskPrincipal -UserId "$env:COMPUTERNAME\Administrator" `
  -LogonType S4U -RunLevel Highest
# By itself a task has less than the normal priority, for disks too.
$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -Priority 4 `
  -ExecutionTimeLimit (New-TimeSpan -Seconds $Parameters.atMostSeconds)
Register-ScheduledTask -TaskName $name -Action $action -Principal $administrator -Settings $settings | Out-Null
Start-ScheduledTask -TaskName $name
