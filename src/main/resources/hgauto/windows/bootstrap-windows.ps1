# bootstrap-windows.ps1: makes a machine ready to build and test Mercurial, by Mercurial's own script. Can be run again.
# Ends with 350 if the machine has to be restarted first (Windows' ERROR_FAIL_NOACTION_REBOOT).
$needsRestart = 350
$hgdev = 'C:\hgdev'
$src = "$hgdev\src"

Write-Output 'enabling .NET Framework 3.5, which WiX needs'
if ((Install-WindowsFeature -Name Net-Framework-Core).RestartNeeded -eq 'Yes') {
  Exit-With $needsRestart
}

# The script makes its clone at the end, and cannot do so over one that was cut off.
if (Test-Path -Path $src) {
  Remove-Item -Path $src -Recurse -Force
}

# It was written for a PowerShell without strict mode, and before TLS 1.2 was what servers want at least.
$installer = "$($Parameters.folder)\install-windows-dependencies.ps1"
$command = "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'; & $installer"
$restartAsked = $false
& cmd.exe /d /c "powershell.exe $PowerShellOptions -Command `"$command`" <nul 2>&1" |
  ForEach-Object {
    $_
    if ($_ -match 'exited non-0: (3010|1641)') {
      $restartAsked = $true
    }
  }
if ($LASTEXITCODE -ne 0) {
  if ($restartAsked) {
    Exit-With $needsRestart
  }
  throw "install-windows-dependencies.ps1 ended with $LASTEXITCODE"
}

$pythons = @(Get-ChildItem -Path "$hgdev\python*\python.exe")
if ($pythons.Count -eq 0) {
  throw "install-windows-dependencies.ps1 has left no Python in $hgdev"
}
foreach ($python in $pythons) {
  Invoke-Native $python.FullName --version
}
Invoke-Native "$hgdev\venv-bootstrap\Scripts\python.exe" --version

# Mercurial's script installs hg in one of two places. By a path with a space hg push cannot call it.
$hg = @("$env:ProgramFiles\Mercurial\hg.exe", "$hgdev\venv-bootstrap\Scripts\hg.exe") |
  Where-Object { Test-Path -Path $_ } | Select-Object -First 1
if (-not $hg) {
  throw 'install-windows-dependencies.ps1 has left no hg.exe where hgauto looks for it'
}
Set-Content -Path "$hgdev\hg.cmd" -Value '@echo off', "`"$hg`" %*" -Encoding Ascii
Invoke-Native "$hgdev\hg.cmd" version --quiet

if (-not (Test-Path -Path "$src\.hg")) {
  Invoke-Native "$hgdev\hg.cmd" clone --noupdate https://www.mercurial-scm.org/repo/hg $src
}
# What is pushed here stays draft, so that it can be pushed again when it was changed.
Add-Content -Path "$src\.hg\hgrc" -Value '', '[phases]', 'publish = False' -Encoding Ascii
Invoke-Native "$hgdev\hg.cmd" --cwd $src log --rev tip --template 'the clone is at {node}\n'
