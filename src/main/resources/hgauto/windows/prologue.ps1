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

# Moves what a build has made to a folder that is empty before, and tells of each file: a JSON object on a line.
function Save-Packages([string]$From, [string]$To) {
  if (Test-Path -LiteralPath $To) {
    Remove-Item -LiteralPath $To -Recurse -Force
  }
  New-Item -ItemType Directory -Path $To | Out-Null
  Move-Item -Path "$From\*" -Destination $To
  foreach ($file in Get-ChildItem -LiteralPath $To -File) {
    $told = ConvertTo-Json -Compress -InputObject @{
      name = $file.Name
      size = $file.Length
      sha256 = (Get-FileHash -LiteralPath $file.FullName -Algorithm SHA256).Hash.ToLowerInvariant()
    }
    # On a line of its own whatever programs have printed before, and not broken where a console would end.
    [Console]::Out.WriteLine("`r`nmade: $told")
  }
}

# Ends the script with a program's exit code. To Systems Manager's agent 3010 means that the machine
# is to be restarted and the script run again, and -1 that it was cancelled; neither is ever meant here.
function Exit-With([int]$Code) {
  if ($Code -eq 3010 -or $Code -eq -1) {
    exit 1
  }
  exit $Code
}
