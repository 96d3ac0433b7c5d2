package main

import (
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
	"gopkg.in/natefinch/lumberjack.v2"
)

// The limits of the log. It never holds tokens, links or a caller's words.
const (
	logMegabytes = 5
	logFiles     = 3
)

// errNoWindow is what the toolkit's failure to open a window means.
var errNoWindow = errors.New("can't open a window: there is no display, or its driver has no OpenGL; " +
	"start Deskbell from your desktop, and on a remote or virtual machine install Mesa's software OpenGL " +
	"(on Windows its opengl32.dll next to deskbell.exe)")

// openLog logs everything to a file in the state folder, and what needs
// attention to standard error, too.
//
// The level is what the file holds at least; it may be changed at any time.
func openLog() (logger *slog.Logger, level *slog.LevelVar, path string, closeLog func(), err error) {
	folder := filepath.Join(xdg.StateHome, "deskbell")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, "", nil, fmt.Errorf("can't make the folder for the log: %w; make it yourself or set XDG_STATE_HOME", err)
	}
	file := &lumberjack.Logger{
		Filename: filepath.Join(folder, "deskbell.log"), MaxSize: logMegabytes, MaxBackups: logFiles,
	}
	level = new(slog.LevelVar)
	logger = slog.New(slog.NewMultiHandler(
		slog.NewTextHandler(file, &slog.HandlerOptions{Level: level}),
		slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}),
	))
	log.SetFlags(0)
	log.SetOutput(toolkitLog{logger: logger, fatal: func(err error) {
		tellFatal(err)
		os.Exit(exitFailed)
	}})
	return logger, level, file.Filename, func() { file.Close() }, nil
}

// toolkitLog takes what Fyne writes with package log. It is the only place
// where Fyne tells that it can't open a window: it then goes on without one.
type toolkitLog struct {
	logger *slog.Logger
	fatal  func(error)
}

// Write takes one message.
func (l toolkitLog) Write(message []byte) (int, error) {
	text := strings.TrimSpace(string(message))
	l.logger.Info("toolkit", "text", text)
	if strings.Contains(text, "failed to initialise GLFW") || strings.Contains(text, "window creation error") {
		l.fatal(errNoWindow)
	}
	return len(message), nil
}
