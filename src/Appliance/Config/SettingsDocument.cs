using System.Globalization;
using System.Text;

namespace Blackwall.Config;

/// <summary>Writes docs/SETTINGS.md: every setting in a table a section. Pure.</summary>
public static class SettingsDocument
{
    public static string Write(IReadOnlyList<IConfigSection> sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        StringBuilder text = new(
            """
            # Settings

            Every key of `blackwall.toml`. This file is made from the declarations that check the values: `./blackwall settings markdown`
            writes it, `./blackwall settings toml` writes the sample file with the same text as comments.

            A value comes from the file (`/etc/blackwall/blackwall.toml`, or `--config FILE`), then from the environment
            (`BLACKWALL_NETWORK__MODE=enforce`), then from the command line (`--set network.mode=enforce`); the last one wins. An unknown key or a
            value out of range stops the start, with file and line. A setting that is *live* is taken up by `blackwall reload` (or SIGHUP, or
            `systemctl reload blackwall`); the others take effect with `blackwall handover` and a new start, or with a restart.

            """);
        foreach (IConfigSection section in sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## [{section.Name}]\n\n{section.About}\n\n| Key | What it is | Allowed | Default | Live |\n| --- | --- | --- | --- | --- |\n");
            foreach (SettingDeclaration setting in section.Declarations)
            {
                string value = setting.Default is null ? "not set" : $"`{SettingsFile.Write(setting.Default)}`";
                text.Append(CultureInfo.InvariantCulture, $"| `{setting.Key}` | {setting.Help.Replace("|", "\\|", StringComparison.Ordinal)} | {setting.Allowed} | {value} | {(setting.IsLive ? "yes" : "")} |\n");
            }
        }

        return text.ToString();
    }
}
