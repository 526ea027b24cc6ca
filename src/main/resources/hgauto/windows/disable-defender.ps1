# disable-defender.ps1: turns the real-time protection off, which looks at each file that a test writes; prints what it is now.
if (-not (Get-Command -Name Set-MpPreference -ErrorAction SilentlyContinue)) {
  'off' # Defender can be uninstalled
  return
}
try {
  Set-MpPreference -DisableRealtimeMonitoring $true
  # Where tamper protection is on, that changes nothing and says nothing.
  if ((Get-MpPreference).DisableRealtimeMonitoring) {
    'off'
  } else {
    'on'
  }
} catch {
  "not known: $_" # as where its service is stopped or disabled; tests run all the same
}
