# read-host-key.ps1: prints the public half of this machine's host key.
foreach ($kind in 'ed25519', 'ecdsa', 'rsa') {
  $file = Join-Path $env:ProgramData "ssh\ssh_host_${kind}_key.pub"
  if (Test-Path -Path $file) {
    Get-Content -Path $file -TotalCount 1
    return
  }
}
throw 'the SSH server of this machine has no host key'
