# seal-image.ps1: removes what must not be in an image, and has user data run again at the first boot.
Stop-Service -Name sshd
$ssh = Join-Path $env:ProgramData 'ssh'
Get-ChildItem -Path (Join-Path $ssh '*') -Include 'ssh_host_*', 'administrators_authorized_keys' |
  Remove-Item -Force
Get-ScheduledTask -TaskName 'hgauto-run-*' | Unregister-ScheduledTask -Confirm:$false
foreach ($left in Get-Item -Path $Parameters.folder, 'C:\hgdev\runs\*' -ErrorAction SilentlyContinue) {
  try {
    Remove-Item -LiteralPath $left.FullName -Recurse -Force
  } catch { # what compilers have left running may have a file in there open; nothing secret is in it
    Write-Warning "$left stays in the image: $_"
  }
}

# EC2Launch v1 is what Windows Server 2019 has, but for some of its images.
$v2 = Join-Path $env:ProgramFiles 'Amazon\EC2Launch\EC2Launch.exe'
$v1 = Join-Path $env:ProgramData 'Amazon\EC2-Windows\Launch\Scripts\InitializeInstance.ps1'
if (Test-Path -Path $v2) {
  Invoke-Native $v2 reset
} elseif (Test-Path -Path $v1) {
  # It was not written for strict mode.
  Invoke-Native cmd.exe /d /c "powershell.exe $PowerShellOptions -File $v1 -Schedule <nul 2>&1"
} else {
  throw "there is neither $v2 nor $v1, so user data would not run in machines of this image"
}
