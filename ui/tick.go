package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
)

// every calls do on the main goroutine until it is stopped.
func every(period time.Duration, do func()) context.CancelFunc {
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				fyne.Do(func() {
					if ctx.Err() == nil {
						do()
					}
				})
			}
		}
	}()
	return stop
}
