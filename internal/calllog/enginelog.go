package calllog

import (
	"fmt"
	"log/slog"
)

// engineLog passes on what the engine has to say that an administrator should
// know. It names subjects and files, never what is in an entry.
type engineLog struct{ log *slog.Logger }

func (e engineLog) Warnf(format string, v ...any) { e.log.Warn("engine: " + fmt.Sprintf(format, v...)) }
func (e engineLog) Errorf(format string, v ...any) {
	e.log.Error("engine: " + fmt.Sprintf(format, v...))
}
func (e engineLog) Fatalf(format string, v ...any) {
	e.log.Error("engine: " + fmt.Sprintf(format, v...))
}
func (engineLog) Noticef(string, ...any) {}
func (engineLog) Debugf(string, ...any)  {}
func (engineLog) Tracef(string, ...any)  {}
