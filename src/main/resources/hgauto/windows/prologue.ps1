# prologue.ps1: what every script begins with. An error ends the script with 1; its values are in $Parameters.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue' # to draw it takes longer than most downloads
$utf8 = New-Object System.Text.UTF8Encoding $false
try {
  [Console]::OutputEncoding = $utf8
} catch [System.IO.IOException] {
  Write-Verbose 'There is no console, whose encoding would matter.'
}
$OutputEncoding = $utf8
$Parameters = $utf8.GetString([Convert]::FromBase64String($args[0])) | ConvertFrom-Json

# What a further PowerShell is started with.
$PowerShellOptions = '-NoProfile -NonInteractive -ExecutionPolicy Bypass'

# Runs a program whose failure is an error; PowerShell passes over it.
function Invoke-Native {
  $program = $args[0]
  $arguments = @($args | Select-Object -Skip 1)
  & $program @arguments
  if ($LASTEXITCODE -ne 0) {
    throw "$program ended with $LASTEXITCODE"
  }
}

# Waits until no other script is in here under that name, and keeps others out until this one ends. For what must not be
# done twice at once: a request whose answer is lost is made again. What it returns has to be kept.
function Enter-Alone([string]$Name) {
  $mutex = New-Object System.Threading.Mutex $false, "Global\$Name"
  try {
    $mutex.WaitOne() | Out-Null
  } catch [System.Threading.AbandonedMutexException] {
    Write-Verbose 'The other one has ended, which is how it gives the mutex up.'
  }
  $mutex
}

# Ends the script with a program's exit code. To Systems Manager's agent 3010 means that the machine
# is to be restarted and the script run again, and -1 that it was cancelled; neither is ever meant here.
function Exit-With([int]$Code) {
  if ($Code -eq 3010 -or $Code -eq -1) {
    exit 1
  }
  exit $Code
}
