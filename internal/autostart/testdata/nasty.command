"C:\deskbell.exe" "a b \"c\" 'd' \e\\ $HOME `id` 100% %u <&> ; | # * ? ~ (f) =" "" C:\x "C:\x y\\"
