namespace Blackwall.Config;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Verb">"run" or "check-config".</param>
/// <param name="ConfigPath">Configuration file.</param>
/// <param name="ConfigNamed">Whether the file was named; then it has to exist.</param>
/// <param name="Set">"section.key" and value, in order.</param>
public sealed record CommandLine(string Verb, string ConfigPath, bool ConfigNamed, IReadOnlyList<(string Key, string Value)> Set)
{
    public const string DefaultConfigPath = "/etc/blackwall/blackwall.toml";

    public const string Usage = "usage: blackwall-appliance [run | check-config] [--config FILE] [--state FOLDER] [--interface NAME] [--set SECTION.KEY=VALUE]...";

    // A test host hands its own settings over as options of these names; they say nothing about the appliance.
    private static readonly string[] HostOptions = ["--environment", "--contentRoot", "--applicationName"];

    /// <summary>Whether the argument belongs to the host that runs the appliance in a test.</summary>
    public static bool IsHostOption(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return HostOptions.Contains(argument.Split('=')[0], StringComparer.Ordinal);
    }

    /// <summary>Options are written "--name value" or "--name=value".</summary>
    public static CommandLine? TryParse(IReadOnlyList<string> arguments, out string? error)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string? verb = null;
        string? config = null;
        List<(string, string)> set = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                if (verb is not null || argument is not ("run" or "check-config"))
                {
                    error = $"'{argument}' is not understood.";
                    return null;
                }

                verb = argument;
                continue;
            }

            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument : argument[..equals];
            if (equals < 0 && i + 1 == arguments.Count)
            {
                error = $"{name} needs a value, or is not an option.";
                return null;
            }

            string value = equals < 0 ? arguments[++i] : argument[(equals + 1)..];
            switch (name)
            {
                case "--config":
                    config = value;
                    break;
                case "--state":
                    set.Add(("storage.state_folder", value));
                    break;
                case "--interface":
                    set.Add(("network.interface", value));
                    break;
                case "--set" when value.IndexOf('=', StringComparison.Ordinal) is > 0 and int at:
                    set.Add((value[..at].Trim(), value[(at + 1)..].Trim()));
                    break;
                case "--set":
                    error = $"--set {value}: write --set section.key=value.";
                    return null;
                default:
                    if (IsHostOption(argument))
                    {
                        break;
                    }

                    error = $"{name} is not an option.";
                    return null;
            }
        }

        error = null;
        return new CommandLine(verb ?? "run", config ?? DefaultConfigPath, config is not null, set);
    }
}
