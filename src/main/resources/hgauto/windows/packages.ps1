# packages.ps1: what is the same before and after the build of each package; the scripts that build call it.

# Has the clone as the changeset is, and nothing else in it. So what is in dist at the end is of this build.
function Reset-Source {
  $hg = 'C:\hgdev\hg.cmd'
  # As hg is run here, too: names in patches and tags are in UTF-8, and no configuration but its own counts.
  $env:HGPLAIN = '1'
  $env:HGENCODING = 'utf-8'
  $env:HGRCPATH = 'NUL' # PowerShell takes one that is empty away
  Set-Location -Path 'C:\hgdev\src'
  Invoke-Native $hg --config extensions.purge= purge --all
  Invoke-Native $hg update --clean $Parameters.node
  # It is what setup.py makes the version of; the changeset that sets it may not be here, if it was not published yet.
  Invoke-Native $hg tag --local --force --rev $Parameters.node $Parameters.version
  New-Item -ItemType Directory -Path dist | Out-Null
}

# Moves all packages of the kind, and not what else the build has left in dist, to a folder of this package's own,
# and tells of each: a JSON object on a line.
function Save-Packages {
  $folder = $Parameters.output
  if (Test-Path -LiteralPath $folder) {
    Remove-Item -LiteralPath $folder -Recurse -Force
  }
  New-Item -ItemType Directory -Path $folder | Out-Null
  Move-Item -Path "dist\$($Parameters.pattern)" -Destination $folder
  foreach ($file in Get-ChildItem -LiteralPath $folder -File) {
    $told = ConvertTo-Json -Compress -InputObject @{
      name = $file.Name
      size = $file.Length
      sha256 = (Get-FileHash -LiteralPath $file.FullName -Algorithm SHA256).Hash.ToLowerInvariant()
    }
    # On a line of its own whatever programs have printed before, and not broken where a console would end.
    [Console]::Out.WriteLine("`r`nmade: $told")
  }
}
