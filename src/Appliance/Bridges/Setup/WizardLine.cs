namespace Blackwall.Bridges.Setup;

/// <summary>What was typed after "setup-wizard"; what was not is asked for.</summary>
/// <param name="Interface">Which to guard; null: ask, or take the one that leads outside.</param>
/// <param name="Mode">observe, enforce or off; null: ask, or observe.</param>
/// <param name="Listen">Where the API listens; null: ask, or on loopback.</param>
/// <param name="Output">The file to write.</param>
/// <param name="Yes">Ask nothing.</param>
/// <param name="Overwrite">Also a file that somebody changed.</param>
internal sealed record WizardLine(string? Interface, string? Mode, string? Listen, string Output, bool Yes, bool Overwrite)
{
    public const string Usage = "setup-wizard [--interface NAME] [--mode observe|enforce|off] [--listen URL] [--output FILE] [--yes] [--overwrite]";

    public const string DefaultListen = "http://127.0.0.1:9470";

    public static readonly string[] Modes = ["off", "observe", "enforce"];

    /// <summary>Null: the error is one sentence.</summary>
    public static WizardLine? TryParse(IReadOnlyList<string> arguments, out string? error)
    {
        WizardLine line = new(null, null, null, Config.CommandLine.DefaultConfigPath, false, false);
        for (int i = 0; i < arguments.Count; i++)
        {
            string[] parts = arguments[i].Split('=', 2);
            if (parts[0] is "--yes" or "--overwrite" && parts.Length == 1)
            {
                line = parts[0] is "--yes" ? line with { Yes = true } : line with { Overwrite = true };
                continue;
            }

            if (parts[0] is not ("--interface" or "--mode" or "--listen" or "--output"))
            {
                error = $"{arguments[i]} is not an option of 'setup-wizard'.";
                return null;
            }

            if (parts.Length == 1 && i + 1 == arguments.Count)
            {
                error = $"{parts[0]} needs a value.";
                return null;
            }

            string value = parts.Length == 2 ? parts[1] : arguments[++i];
            line = parts[0] switch
            {
                "--interface" => line with { Interface = value },
                "--mode" => line with { Mode = value },
                "--listen" => line with { Listen = value },
                _ => line with { Output = value },
            };
        }

        error = line.Mode is { } mode && !Modes.Contains(mode, StringComparer.Ordinal) ? $"--mode {Api.Contracts.Words.NotOneOf(mode, Modes)}." : null;
        return error is null ? line : null;
    }
}
