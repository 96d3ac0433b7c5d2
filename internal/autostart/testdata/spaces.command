"C:\Program Files\Glocke für 100%\deskbell.exe" --hidden
