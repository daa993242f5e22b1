using System.Globalization;

namespace Blackwall.Tarpit.World;

/// <summary>What a machine has in /tmp and /var/tmp from its start: the private folders of services (PrivateTmp= of systemd), and those of snap and X.</summary>
internal static class TemporaryFolders
{
    private const int Sticky = 0x3FF, Private = 0x1C0;

    public static void AddTo(TreeBuilder tree)
    {
        Machine machine = tree.Machine;
        foreach (string folder in (string[])["/tmp", "/var/tmp"])
        {
            tree.Folder(folder, Sticky);
            foreach (string service in (string[])["apache2", "polkit", "systemd-logind", "systemd-resolved", "systemd-timesyncd"])
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"{folder}/systemd-private-{machine.BootId.Replace("-", "", StringComparison.Ordinal)}-{service}.service-{Suffix(machine, folder + service)}");
                tree.Folder(path, Private);
                tree.Folder(path + "/tmp", Sticky);
            }
        }

        tree.Folder("/tmp/snap-private-tmp", Private);
        foreach (string name in (string[])["ICE", "X11", "XIM", "font"])
        {
            tree.Folder($"/tmp/.{name}-unix", Sticky);
        }
    }

    private static string Suffix(Machine machine, string name)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        return string.Concat(machine.Bytes("temporary" + name, 6).Select(part => letters[part % letters.Length]));
    }
}
