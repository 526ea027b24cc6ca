# enable-openssh.ps1: lets one key in as Administrator by SSH, and nobody else; makes new host keys.
# It may be run twice at once, and the keys must not change later.
$alone = Enter-Alone 'hgauto-enable-openssh'
$done = Join-Path $env:ProgramData 'hgauto-openssh-enabled'
if ((Test-Path -Path $done) -and (Get-Content -Path $done) -eq $Parameters.instance) {
  return
}

$ssh = Join-Path $env:ProgramData 'ssh'
if (-not (Get-Service -Name sshd -ErrorAction SilentlyContinue)) { # before Windows Server 2025
  Add-WindowsCapability -Online -Name 'OpenSSH.Server~~~~0.0.1.0' | Out-Null
}
Set-Service -Name sshd -StartupType Automatic # the machine may be restarted
Start-Service -Name sshd # makes its folder and its configuration where they are missing
Stop-Service -Name sshd
Remove-Item -Path (Join-Path $ssh 'ssh_host_*') -Force

# Others than SYSTEM and Administrators must not have access to the file, or sshd passes over it.
# They are named by SID, since Windows translates their names.
$keys = Join-Path $ssh 'administrators_authorized_keys'
Remove-Item -Path $keys -Force -ErrorAction SilentlyContinue
Set-Content -Path $keys -Value $Parameters.publicKey -Encoding Ascii
Invoke-Native icacls.exe $keys /inheritance:r /grant '*S-1-5-18:F' '*S-1-5-32-544:F' | Out-Null

# The first value of each setting counts.
$configuration = Join-Path $ssh 'sshd_config'
$lines = @(Get-Content -Path $configuration)
if ($lines -notcontains 'PasswordAuthentication no') {
  Set-Content -Path $configuration -Value (@('PasswordAuthentication no') + $lines) -Encoding Ascii
}

# Windows' own rule is for private networks, and EC2's is a public one to it.
if (-not (Get-NetFirewallRule -Name 'hgauto-ssh' -ErrorAction SilentlyContinue)) {
  New-NetFirewallRule -Name 'hgauto-ssh' -DisplayName 'SSH for hgauto' -Profile Any `
    -Direction Inbound -Protocol TCP -LocalPort 22 -Action Allow | Out-Null
}
New-Item -ItemType Directory -Path 'C:\hgdev\runs' -Force | Out-Null
Start-Service -Name sshd # has made host keys by the time that this returns
Set-Content -Path $done -Value $Parameters.instance -Encoding Ascii
