using System.Globalization;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Values of parameters: special ones, positional ones and variables (bash(1), PARAMETERS).</summary>
internal static class ShellParameters
{
    /// <summary>The value of a parameter; null: it is not set.</summary>
    public static string? Find(ShellState state, string name)
    {
        switch (name)
        {
            case "?":
                return state.Status.ToString(CultureInfo.InvariantCulture);
            case "$" or "BASHPID":
                return state.Visit.ShellProcess.ToString(CultureInfo.InvariantCulture);
            case "!":
                return state.Variables.GetValueOrDefault("!");
            case "#":
                return state.Arguments.Count.ToString(CultureInfo.InvariantCulture);
            case "@" or "*":
                return string.Join(' ', state.Arguments);
            case "-":
                return state.Io.Terminal is null ? "hBc" : "himBHs";
            case "0":
                return state.Name;
            case "RANDOM":
                return System.Security.Cryptography.RandomNumberGenerator.GetInt32(32768).ToString(CultureInfo.InvariantCulture);
            case "SECONDS":
                return ((long)state.Visit.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            case "PPID":
                return (state.Visit.ShellProcess - 1).ToString(CultureInfo.InvariantCulture);
            case "UID" or "EUID":
                return state.Visit.UserId.ToString(CultureInfo.InvariantCulture);
            case "PWD":
                return state.Folder;
            case "HOSTNAME":
                return state.Visit.Machine.HostName;
        }

        return char.IsAsciiDigit(name[0]) && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number <= state.Arguments.Count ? state.Arguments[number - 1] : null
            : state.Find(name);
    }
}
