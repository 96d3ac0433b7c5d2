package notify

// Activator is the CLSID in people's registry.
const Activator = activator

// Introduce puts an app into the registry, as NewNative does.
func Introduce(o Options) error { return newWindowsToaster(o.withDefaults()).introduce() }

var (
	ClearHistory      = clearHistory
	ToastSetting      = toastSetting
	NotificationState = notificationState
)

// IsHResult tells whether an error is one of COM, and not of this package.
func IsHResult(err error) bool { return code(err) != 0 }
