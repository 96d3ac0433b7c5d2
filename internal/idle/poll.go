package idle

import (
	"context"
	"time"
)

// poll is a source that reads every so often.
func poll(ctx context.Context, every time.Duration, read func() reading, tell func(reading)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		tell(read())
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
