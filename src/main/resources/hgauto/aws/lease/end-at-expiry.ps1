# Shuts this machine down at that time, or at once if it is past. EC2Launch runs this at every boot.
param([long]$EpochSeconds)
$ErrorActionPreference = 'Stop'
$expires = [DateTimeOffset]::FromUnixTimeSeconds($EpochSeconds).LocalDateTime
if ($expires -le (Get-Date)) {
  shutdown.exe /s /f /t 0
  return
}
$shutdown = New-ScheduledTaskAction -Execute 'shutdown.exe' -Argument '/s /f /t 0'
$once = New-ScheduledTaskTrigger -Once -At $expires
# A time that was missed is not made up for: the task may be in an image by then.
$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
Register-ScheduledTask -TaskName 'end-at-expiry' -User 'SYSTEM' -RunLevel Highest -Force `
  -Action $shutdown -Trigger $once -Settings $settings | Out-Null
