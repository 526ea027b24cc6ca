# prepare-tests.ps1: updates the clone, where there is nothing that hg does not know then, to what is to be tested.
$hg = 'C:\hgdev\hg.cmd'
# As hg is run here, too: names in patches and tags are in UTF-8, and no configuration but its own counts.
$env:HGPLAIN = '1'
$env:HGENCODING = 'utf-8'
$env:HGRCPATH = 'NUL' # PowerShell takes one that is empty away
Set-Location -Path 'C:\hgdev\src'
Invoke-Native $hg --config extensions.purge= purge --all
Invoke-Native $hg update --quiet --clean $Parameters.node
if ($Parameters.PSObject.Properties['patch']) {
  Invoke-Native $hg import --quiet --message 'uncommitted changes' $Parameters.patch
}
