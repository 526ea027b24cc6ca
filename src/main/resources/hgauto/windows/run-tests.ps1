# run-tests.ps1: runs run-tests.py as run_tests.py is told, in MSYS, without which it does not run on Windows.
$env:MSYSTEM = 'MINGW32'
# By itself it is in the profile, by a short name, ADMINI~1, which tests would see in their paths.
$env:TMP = 'C:\hgdev\tests\tmp'
$env:TEMP = $env:TMP
New-Item -ItemType Directory -Path $env:TMP -Force | Out-Null
# From 7.1 Mercurial's setup needs hg; some images have it only there, and it is not to hide what is tested.
$env:PATH = "$env:PATH;C:\hgdev\venv-bootstrap\Scripts"
$python = "/c/hgdev/$($Parameters.python)/python.exe"
& 'C:\hgdev\MinGW\msys\1.0\bin\sh.exe' --login -c `
  "cd /c/hgdev/src/tests && $python C:/hgdev/tests/run_tests.py $($Parameters.run)"
Exit-With $LASTEXITCODE
