package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"

	"github.com/deskbell/deskbell/assets"
)

// iconFile writes the program's icon for the notifications, which want a file,
// and returns its path. Without one they show no icon.
func iconFile(logger *slog.Logger) string {
	path := filepath.Join(xdg.CacheHome, "deskbell", "deskbell.png")
	icon := assets.AppIconSmall()
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, icon) {
		return path
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		logger.Info("no icon for notifications", "err", err)
		return ""
	}
	if err := os.WriteFile(path, icon, 0o600); err != nil {
		logger.Info("no icon for notifications", "err", err)
		return ""
	}
	return path
}
