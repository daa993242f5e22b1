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
                return Text(state.Status);
            case "$":
                return Text(state.Root.Process);
            case "_":
                return state.LastWord;
            case "BASHPID":
                return Text(state.Process);
            case "!":
                return state.LastJob == 0 ? null : Text(state.LastJob);
            case "#":
                return Text(state.Arguments.Count);
            case "@" or "*":
                return state.Arguments.Count == 0 ? null : string.Join(' ', state.Arguments);
            case "-":
                return Flags(state);
            case "0":
                return state.Name;
            case var special when state.IsDash && Commands.DashDialect.IsUnset(special):
                return state.Find(special);
            case "RANDOM" when state.Variables.FindItself(name) is null or { IsSet: true }:
                return Text((state.RandomSource ??= ShellRandom.ByChance()).Next());
            case "SRANDOM":
                return System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture);
            case "SECONDS" when state.Variables.FindItself(name) is null or { IsSet: true }:
                // Whole seconds of the clock, as bash takes them.
                return Text((int)(state.Visit.Machine.Now.ToUnixTimeSeconds() - state.SecondsFrom.ToUnixTimeSeconds()));
            case "EPOCHREALTIME":
                return string.Create(CultureInfo.InvariantCulture, $"{state.Visit.Machine.Now.ToUnixTimeMilliseconds() / 1000}.{state.Visit.Machine.Now.UtcTicks / TimeSpan.TicksPerMicrosecond % 1_000_000:000000}");
            case "EPOCHSECONDS":
                return state.Visit.Machine.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            case "LINENO":
                return Text(state.Line);
            case "PPID":
                return Text(state.Root.ParentProcess ?? state.Visit.ShellProcess - 1);
            case "UID" or "EUID":
                return Text(state.Visit.UserId);
            case "PWD" or "OLDPWD" or "HOSTNAME" or "IFS" or "OPTIND" or "OPTERR" or "BASH_VERSION" or "OSTYPE" or "HOSTTYPE" or "MACHTYPE" or "BASH" or "PS4" or "SHELLOPTS" or "BASHOPTS" or "BASH_SUBSHELL" or "BASH_COMMAND" or "GROUPS" or "SHLVL":
                return state.Find(name) ?? Preset(state, name);
        }

        if (name.Length > 0 && char.IsAsciiDigit(name[0]))
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= state.Arguments.Count ? state.Arguments[number - 1] : null;
        }

        return state.Variables.Find(name) is null && List(state, name) is { Count: > 0 } list ? list[0] : state.Find(name);
    }

    /// <summary>Arrays that the shell keeps; null: it is none of them.</summary>
    public static IReadOnlyList<string>? List(ShellState state, string name) => name switch
    {
        "PIPESTATUS" => [.. state.PipeStatus.Select(Text)],
        "FUNCNAME" => state.Calls.Count == 0 ? [] : [.. state.Calls.AsEnumerable().Reverse().Select(call => call.Name), .. state.IsScript ? ["main"] : Array.Empty<string>()],
        "BASH_LINENO" => [.. state.Calls.AsEnumerable().Reverse().Select(call => Text(call.Line)), .. state.IsScript ? ["0"] : Array.Empty<string>()],
        "BASH_SOURCE" => [.. state.Calls.AsEnumerable().Reverse().Select(call => call.Source), .. state.IsScript ? [state.Name] : Array.Empty<string>()],
        "DIRSTACK" => [state.Folder, .. state.Folders],
        "BASH_VERSINFO" => ["5", "2", "21", "1", "release", "x86_64-pc-linux-gnu"],
        "GROUPS" => [Text(state.Visit.UserId)],
        _ => null,
    };

    private static string? Preset(ShellState state, string name) => name switch
    {
        "PWD" => state.Folder,
        "HOSTNAME" => state.Visit.Machine.HostName,
        "IFS" => state.Variables.FindItself("IFS") is null ? " \t\n" : null,
        "OPTIND" or "OPTERR" when state.Variables.FindItself(name) is null => "1",
        "BASH_VERSION" => "5.2.21(1)-release",
        "OSTYPE" => "linux-gnu",
        "HOSTTYPE" => "x86_64",
        "MACHTYPE" => "x86_64-pc-linux-gnu",
        "BASH" => "/bin/bash",
        "PS4" => "+ ",
        "SHELLOPTS" => string.Join(':', state.Options.Where(OptionNames.IsOfSet).Order(StringComparer.Ordinal)),
        "BASHOPTS" => string.Join(':', state.Options.Where(option => !OptionNames.IsOfSet(option) && Commands.EnableBuiltin.IsOption(option)).Order(StringComparer.Ordinal)),
        "BASH_SUBSHELL" => Text(state.Subshells),
        "GROUPS" => Text(state.Visit.UserId),
        "SHLVL" => "1",
        "BASH_COMMAND" => state.Current is { } current ? Execution.FunctionPrinter.Line(current) : null,
        _ => null,
    };

    /// <summary>The status with which a parameter that is not set ends the shell; null: it does not end.</summary>
    public static int? FatalStatus(ShellState state) => state.IsInteractive ? null : state.Subshells > 0 || state.IsScript || state.Has(OptionNames.ReadsInput) || state.Has("errexit") ? 1 : 127;

    private static string Flags(ShellState state)
    {
        string letters = OptionNames.Letters(state);
        if (!state.IsInteractive || letters.Contains('i', StringComparison.Ordinal))
        {
            return state.IsInteractive || state.IsScript ? letters : letters + (state.Has(OptionNames.ReadsInput) ? "s" : "c");
        }

        return string.Concat((letters + "imH").Distinct().OrderBy(letter => char.IsUpper(letter) ? 1 : 0).ThenBy(letter => letter)) + 's';
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
