package notify

import (
	"fmt"

	"git.sr.ht/~jackmordaunt/go-toast/v2/wintoast"
	"golang.org/x/sys/windows/registry"
)

// activator is the CLSID under which Windows finds this app when a toast is
// pressed. It stands in people's registry: it must not change.
const activator = "{4F5D2669-4ADB-4FFA-8707-61B7FDDF8485}"

// appKeys is where Windows looks up who shows toasts, below the person's own
// part of the registry.
const appKeys = `SOFTWARE\Classes\AppUserModelId\`

// windowsToaster is the toaster of Windows.
type windowsToaster struct {
	appID, appName string
	icon           string // absolute path; may be empty
	pusher         pusher
}

func newWindowsToaster(o Options) *windowsToaster {
	if o.AppID == "" {
		o.AppID = defaultAppID
	}
	return &windowsToaster{
		appID: o.AppID, appName: o.AppName, icon: o.IconPath,
		pusher: pusher{push: func(appID, xml string) error {
			// Without options: never through PowerShell.
			return wintoast.Push(appID, xml)
		}},
	}
}

// Register first makes sure that this Windows has toasts at all. go-toast finds
// out only after it has given COM an object of its own, which Wine calls while
// the process ends, and that crashes it.
func (t *windowsToaster) Register() error {
	manager, err := statics(&managerStatics)
	if err != nil {
		return fmt.Errorf("find Windows' toasts: %w", err)
	}
	manager.release()
	return t.introduce()
}

// introduce puts the app into the registry, and go-toast in the picture.
func (t *windowsToaster) introduce() error {
	// go-toast writes values that are missing, and the id for a name.
	if err := t.write(callToasts, t.appName); err != nil {
		return err
	}
	if err := t.write(noticeToasts, t.appName+" notices"); err != nil {
		return err
	}
	return wintoast.SetAppData(wintoast.AppData{AppID: t.appID, GUID: activator, IconPath: t.icon})
}

// write puts one channel into the registry: a row with this name in Windows'
// settings.
func (t *windowsToaster) write(to channel, name string) error {
	path := appKeys + t.appID + string(to)
	key, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf(`open HKCU\%s: %w`, path, err)
	}
	defer key.Close()
	values := [][2]string{{"DisplayName", name}, {"CustomActivator", activator}}
	if t.icon != "" {
		values = append(values, [2]string{"IconUri", t.icon})
	}
	for _, v := range values {
		if err := key.SetStringValue(v[0], v[1]); err != nil {
			return fmt.Errorf(`write %s of HKCU\%s: %w`, v[0], path, err)
		}
	}
	return nil
}

func (t *windowsToaster) Show(to channel, xml string) error {
	return t.pusher.show(t.appID+string(to), xml)
}

func (t *windowsToaster) Clear() error { return clearHistory(t.appID) }

func (t *windowsToaster) Allowed() (bool, error) {
	setting, err := toastSetting(t.appID)
	return setting == settingEnabled, err
}

// Hidden also counts toasts that are switched off: an agent who asks why nothing
// rings wants to know.
func (t *windowsToaster) Hidden() (bool, error) {
	state, err := notificationState()
	if err != nil || keepsQuiet(state) {
		return err == nil, err
	}
	allowed, err := t.Allowed()
	return err == nil && !allowed, err
}
