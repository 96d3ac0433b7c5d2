"C:\deskbell.exe" --hidden
