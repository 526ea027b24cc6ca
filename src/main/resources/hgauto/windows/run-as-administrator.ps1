# run-as-administrator.ps1: a run's scheduled task. Keeps what run.ps1 prints in log.txt and how it ends in exit.txt.
$folder = "C:\hgdev\runs\$($Parameters.run)"
[IO.File]::WriteAllText("$folder\pid.txt", "$PID")
$account = [Security.Principal.WindowsIdentity]::GetCurrent().Name
[IO.File]::WriteAllText("$folder\log.txt", "account $account, profile $env:USERPROFILE`r`n")
$env:PYTHONUNBUFFERED = '1' # else what Python programs print comes at their end
# cmd.exe writes what programs print as it is and when it comes; PowerShell would read it as text first.
& cmd.exe /d /c "powershell.exe $PowerShellOptions -File $folder\run.ps1 <nul >>$folder\log.txt 2>&1"
[IO.File]::WriteAllText("$folder\exit.new", "$LASTEXITCODE")
[IO.File]::Move("$folder\exit.new", "$folder\exit.txt") # it is whole when it is there
