# list-packages.ps1: prints the files of a folder, a JSON object a line.
if (Test-Path -LiteralPath $Parameters.folder) {
  foreach ($file in Get-ChildItem -LiteralPath $Parameters.folder -File) {
    ConvertTo-Json -Compress -InputObject @{
      name = $file.Name
      size = $file.Length
      sha256 = (Get-FileHash -LiteralPath $file.FullName -Algorithm SHA256).Hash.ToLowerInvariant()
      time = $file.LastWriteTimeUtc.ToString('o')
    }
  }
}
