# check-host.ps1: looks whether a machine is as docs/windows-machines.md asks. Changes nothing.
# Prints a line for each point: its name, a tab, "ok" or "no", a tab, and what there is.
$hgdev = 'C:\hgdev'
$src = "$hgdev\src"
$keys = Join-Path $env:ProgramData 'ssh\administrators_authorized_keys'
$env:HGPLAIN = '1'
$env:PYTHONDONTWRITEBYTECODE = '1' # not even that may be left

# Prints a point. What the block returns is what there is; what it throws is what is wrong.
function Write-Point([string]$Name, [scriptblock]$Look) {
  $verdict = 'ok'
  try {
    $found = (& $Look) -join ', '
  } catch {
    $verdict = 'no'
    $found = $_.Exception.Message
  }
  "$Name`t$verdict`t$(($found -replace '\s+', ' ').Trim())"
}

# What a program prints. That it ends with another code is an error, in which that is, too.
function Get-Said([string]$Line, [int[]]$Codes = @(0)) {
  # By itself PowerShell takes any line on standard error for a failure.
  $said = (& cmd.exe /d /s /c "$Line <nul 2>&1") -join ' '
  if ($LASTEXITCODE -notin $Codes) {
    throw "$Line ended with ${LASTEXITCODE}: $said"
  }
  $said
}

function Assert-There([string]$Path) {
  if (-not (Test-Path -LiteralPath $Path)) {
    throw "there is no $Path"
  }
}

Write-Point 'powershell' {
  $version = $PSVersionTable.PSVersion
  if ($version -lt [Version]'5.1') {
    throw "it is $version, and 5.1 is needed"
  }
  "$version"
}

Write-Point 'ec2launch' {
  $v2 = Join-Path $env:ProgramFiles 'Amazon\EC2Launch\EC2Launch.exe'
  $v1 = Join-Path $env:ProgramData 'Amazon\EC2-Windows\Launch\Scripts\InitializeInstance.ps1'
  if (Test-Path -LiteralPath $v2) {
    'v2'
  } elseif (Test-Path -LiteralPath $v1) {
    'v1'
  } else {
    throw "there is neither $v2 nor $v1"
  }
}

Write-Point 'openssh' {
  if (-not (Get-Service -Name sshd -ErrorAction SilentlyContinue)) {
    throw 'there is no service sshd'
  }
  (Get-CimInstance -ClassName Win32_Service -Filter "Name = 'sshd'").PathName
}

Write-Point 'sshd' {
  $service = Get-Service -Name sshd
  $found = "$($service.Status), to be started: $($service.StartType)"
  if ($service.Status -ne 'Running' -or $service.StartType -ne 'Automatic') {
    throw $found
  }
  $found
}

# To Windows EC2's network is a public one.
Write-Point 'firewall' {
  if ("$((Get-NetFirewallProfile -Name Public).Enabled)" -eq 'False') {
    return 'it is off for public networks'
  }
  $rules = @(Get-NetFirewallPortFilter -Protocol TCP | Where-Object { $_.LocalPort -contains '22' } |
    Get-NetFirewallRule | Where-Object {
      "$($_.Enabled)" -eq 'True' -and "$($_.Direction)" -eq 'Inbound' -and "$($_.Action)" -eq 'Allow' -and
      "$($_.Profile)" -match 'Any|Public'
    })
  if ($rules.Count -eq 0) {
    throw 'no rule lets anybody in at port 22 from public networks'
  }
  $rules | ForEach-Object { "rule $($_.Name)" }
}

Write-Point 'default-shell' {
  $shell = $null
  if (Test-Path -Path 'HKLM:\SOFTWARE\OpenSSH') {
    $shell = (Get-Item -Path 'HKLM:\SOFTWARE\OpenSSH').GetValue('DefaultShell')
  }
  if ($shell -and (Split-Path -Path $shell -Leaf) -ne 'cmd.exe') {
    throw "it is $shell"
  }
  'cmd.exe'
}

Write-Point 'administrator' {
  if (-not (Get-LocalUser -Name Administrator).Enabled) {
    throw 'the account Administrator is disabled'
  }
  'the account is enabled'
}

# Where others have access, sshd passes over the file. Accounts are named by SID, since Windows translates names.
Write-Point 'admin-keys' {
  Assert-There $keys
  $acl = Get-Acl -LiteralPath $keys
  $others = @($acl.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier]) |
    Where-Object { $_.IdentityReference.Value -notin 'S-1-5-18', 'S-1-5-32-544' })
  if ($others.Count -gt 0) {
    throw "others have access to ${keys}: $($others.IdentityReference.Value -join ' ')"
  }
  $lines = @(Get-Content -LiteralPath $keys | Where-Object { $_ -match '^[^#\s]' })
  if ($lines.Count -eq 0) {
    throw "there is no key in $keys"
  }
  "keys in it: $($lines.Count)"
}

Write-Point 'hg' {
  Assert-There "$hgdev\hg.cmd"
  Get-Said "$hgdev\hg.cmd version --quiet"
}

Write-Point 'source' {
  Assert-There "$src\.hg"
  Get-Said "$hgdev\hg.cmd -R $src files --rev tip path:mercurial/commands.py" | Out-Null
  'tip is ' + (Get-Said "$hgdev\hg.cmd -R $src log --rev tip --template {rev}:{node}")
}

Write-Point 'publishing' {
  Assert-There "$src\.hg"
  $publish = (Get-Said "$hgdev\hg.cmd -R $src config phases.publish" @(0, 1)).Trim()
  if ($publish -notin 'false', 'no', 'off', '0', 'never') {
    throw "it is a publishing repository: phases.publish is '$publish'"
  }
  "phases.publish is $publish"
}

Write-Point 'python' {
  $pythons = @(Get-ChildItem -Path "$hgdev\python*\python.exe")
  if ($pythons.Count -eq 0) {
    throw "there is no $hgdev\python*\python.exe"
  }
  foreach ($python in $pythons) {
    Get-Said "$($python.FullName) --version" | Out-Null
    $python.Directory.Name
  }
}

Write-Point 'bootstrap' {
  Assert-There "$hgdev\venv-bootstrap\Scripts\python.exe"
  Get-Said "$hgdev\venv-bootstrap\Scripts\python.exe --version"
}

Write-Point 'msys' {
  $sh = 'C:\hgdev\MinGW\msys\1.0\bin\sh.exe'
  if (-not (Test-Path -LiteralPath $sh)) {
    throw "there is no $sh"
  }
  $sh
}

Write-Point 'dotnet' {
  if (-not (Get-WindowsFeature -Name Net-Framework-Core).Installed) {
    throw '.NET Framework 3.5 is not installed'
  }
  '.NET Framework 3.5'
}

Write-Point 'space' {
  $free = [Math]::Floor((Get-PSDrive -Name C).Free / 1073741824)
  if ($free -lt 10) {
    throw "$free GiB free on C:"
  }
  "$free GiB free on C:"
}
