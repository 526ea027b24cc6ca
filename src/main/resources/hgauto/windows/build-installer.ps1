# build-installer.ps1: builds one of Mercurial's installers by its packaging.py, and puts it into a folder of its own.
$hgdev = 'C:\hgdev'
# Mercurial's setup.py asks hg.exe for the version; cargo has PyOxidizer where it is not installed by itself.
$env:PATH = "$hgdev\venv-bootstrap\Scripts;$env:ProgramFiles\Mercurial;$hgdev\cargo\bin;$env:PATH"
$env:RUSTUP_HOME = "$hgdev\rustup"
$env:CARGO_HOME = "$hgdev\cargo"
Reset-Source

if ($Parameters.builder -eq 'py2exe') {
  # It needs the environment of Visual C++ 2008, by which packaging.py tells the architecture, too.
  $vcvars = "$env:LOCALAPPDATA\Programs\Common\Microsoft\Visual C++ for Python\9.0\vcvarsall.bat"
  $machine = @{ x86 = 'x86'; x64 = 'amd64' }[$Parameters.arch]
  foreach ($line in Invoke-Native cmd.exe /d /s /c "`"$vcvars`" $machine && set") {
    $name, $value = $line -split '=', 2
    if ($null -ne $value) {
      Set-Item -LiteralPath "env:$name" -Value $value
    }
  }
  $how = '--python', "$hgdev\python27-$($Parameters.arch)\python.exe"
} else {
  $target = @{ x86 = 'i686-pc-windows-msvc'; x64 = 'x86_64-pc-windows-msvc' }[$Parameters.arch]
  $how = '--pyoxidizer-target', $target
}
$python = "$hgdev\python$($Parameters.runUnder.Replace('.', ''))-x64\python.exe"
$arguments = @('contrib\packaging\packaging.py', $Parameters.kind) + $how + @('--version', $Parameters.version)
Invoke-Native $python @arguments

# py2exe leaves its own files in dist, too: hg.exe, python27.dll, lib.
Save-Packages
