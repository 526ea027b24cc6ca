# build-wheel.ps1: builds Mercurial's wheel for one Python and architecture, and puts it into a folder of its own.
$hgdev = 'C:\hgdev'
# Mercurial's setup.py asks hg.exe for the version; pipx has put cibuildwheel below the profile.
$env:PATH = "$hgdev\venv-bootstrap\Scripts;$env:ProgramFiles\Mercurial;$env:USERPROFILE\.local\bin;$env:PATH"
Reset-Source

$runUnder = "$hgdev\python$($Parameters.runUnder.Replace('.', ''))"
if ($Parameters.builder -eq 'pip') {
  Invoke-Native "$runUnder-$($Parameters.arch)\python.exe" -m pip wheel --no-deps --wheel-dir dist .
} else {
  $python = "$runUnder-x64\python.exe"
  # Up to 7.1 install-windows-dependencies.ps1 brings neither cibuildwheel nor msgfmt.
  if (-not (Get-Command -Name cibuildwheel.exe -ErrorAction SilentlyContinue)) {
    $venv = "$hgdev\venv-cibuildwheel"
    if (-not (Test-Path -Path "$venv\Scripts\cibuildwheel.exe")) {
      $requirements = Join-Path $env:TEMP 'windows-wheels.txt'
      [IO.File]::WriteAllText($requirements, $Parameters.requirements)
      Invoke-Native $python -m venv $venv
      Invoke-Native "$venv\Scripts\python.exe" -m pip install --require-hashes --requirement $requirements
    }
    $env:PATH = "$venv\Scripts;$env:PATH"
  }
  if (-not (Get-Command -Name msgfmt.exe -ErrorAction SilentlyContinue)) {
    # packaging.py knows where there is one, and its hash.
    $gettext = "$hgdev\gettext"
    if (-not (Test-Path -Path "$gettext\bin\msgfmt.exe")) {
      New-Item -ItemType Directory -Path $gettext -Force | Out-Null
      foreach ($part in 'gettext', 'gettext-dep') {
        Invoke-Native $python -c ("import pathlib, sys; sys.path.insert(0, 'contrib/packaging'); " +
          'from hgpackaging.downloads import download_entry; ' +
          'download_entry(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[1] + sys.argv[3])') `
          $part $gettext .zip
        Expand-Archive -LiteralPath "$gettext\$part.zip" -DestinationPath $gettext -Force
      }
    }
    $env:PATH = "$gettext\bin;$env:PATH"
  }
  $env:MERCURIAL_SETUP_FORCE_TRANSLATIONS = '1' # fail rather than leave them out
  Invoke-Native cibuildwheel.exe --only $Parameters.identifier --output-dir dist .
}

Save-Packages
