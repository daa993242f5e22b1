using Blackwall.Config;
using Blackwall.Pipeline.Model;

namespace Blackwall.Replay;

/// <summary>What was asked for after "replay".</summary>
internal sealed record ReplayLine(string File, bool Json, bool Packets, IReadOnlyList<Prefix> Local, CommandLine Configuration)
{
    /// <summary>Null: <paramref name="error"/> says what is not understood.</summary>
    public static ReplayLine? TryParse(IReadOnlyList<string> arguments, out string? error)
    {
        string? file = null;
        bool json = false;
        bool packets = false;
        List<Prefix> local = [];
        List<string> rest = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (argument)
            {
                case "--json":
                    json = true;
                    break;
                case "--packets":
                    packets = true;
                    break;
                case "--local":
                    if (!Prefix.TryParse(value, out Prefix prefix, out error))
                    {
                        error = value is null ? "--local needs a prefix." : $"--local: {error}";
                        return null;
                    }

                    local.Add(prefix);
                    i++;
                    break;
                case "--config" or "--set" when value is not null:
                    rest.AddRange([argument, value]);
                    i++;
                    break;
                default:
                    if (argument.StartsWith('-') && !argument.Contains('=', StringComparison.Ordinal))
                    {
                        error = $"{argument} is not an option, or needs a value.";
                        return null;
                    }

                    if (argument.StartsWith('-'))
                    {
                        rest.Add(argument);
                    }
                    else if (file is not null)
                    {
                        error = $"'{argument}' is not understood: one capture at a time.";
                        return null;
                    }
                    else
                    {
                        file = argument;
                    }

                    break;
            }
        }

        if (file is null)
        {
            error = "Which capture?";
            return null;
        }

        return CommandLine.TryParse(rest, out error) is { } line ? new ReplayLine(file, json, packets, local, line) : null;
    }
}
