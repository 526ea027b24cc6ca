# restart.ps1: restarts the machine, a little later, so that this script ends before.
& shutdown.exe /r /f /t 5
if ($LASTEXITCODE -notin 0, 1115, 1190) { # the others: it is being restarted already
  throw "shutdown.exe ended with $LASTEXITCODE"
}
