using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>stty: what the driver of the terminal does.</summary>
internal static class TerminalCommand
{
    private static readonly string[][] s_lines =
    [
        ["parenb", "parodd", "cmspar", "cs8", "hupcl", "cstopb", "cread", "clocal", "crtscts"],
        ["ignbrk", "brkint", "ignpar", "parmrk", "inpck", "istrip", "inlcr", "igncr", "icrnl", "ixon", "ixoff"],
        ["iuclc", "ixany", "imaxbel", "iutf8"],
        ["opost", "olcuc", "ocrnl", "onlcr", "onocr", "onlret", "ofill", "ofdel", "nl0", "cr0", "tab0", "bs0", "vt0", "ff0"],
        ["isig", "icanon", "iexten", "echo", "echoe", "echok", "echonl", "noflsh", "xcase", "tostop", "echoprt"],
        ["echoctl", "echoke", "flusho", "extproc"],
    ];

    private static readonly string[] s_raw = ["ignbrk", "brkint", "ignpar", "parmrk", "inpck", "istrip", "inlcr", "igncr", "icrnl", "ixon", "ixoff", "icanon", "opost", "isig", "iuclc", "ixany", "imaxbel"];

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        if (i.State.Io is not Keyboard { Terminal: { } terminal } keyboard || !(i.Streams.Input.IsPeer || i.Value('F') is not null))
        {
            return await i.FailAsync("'standard input': Inappropriate ioctl for device");
        }

        TerminalMode mode = keyboard.Mode;
        string[] words = [.. i.Arguments.Where((argument, n) => argument is not ("-F" or "--") && (n == 0 || i.Arguments[n - 1] is not "-F"))];
        if (words.Length == 0)
        {
            await i.PrintAsync(Short(mode));
            return 0;
        }

        for (int at = 0; at < words.Length; at++)
        {
            string word = words[at];
            bool isOn = !word.StartsWith('-');
            string name = word.TrimStart('-');
            switch (word)
            {
                case "-a" or "--all":
                    await i.PrintAsync(All(mode, terminal.Rows, terminal.Columns));
                    break;
                case "-g" or "--save":
                    await i.PrintAsync(Saved(mode));
                    break;
                case "size":
                    await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{terminal.Rows} {terminal.Columns}\n"));
                    break;
                case "speed":
                    await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{mode.Speed}\n"));
                    break;
                case "sane":
                    mode.Reset();
                    break;
                case "raw" or "-cooked":
                    Switch(mode, s_raw, isOn: false);
                    break;
                case "-raw" or "cooked":
                    Switch(mode, ["brkint", "ignpar", "istrip", "icrnl", "ixon", "opost", "isig", "icanon"], isOn: true);
                    mode.Set("istrip", isOn: false);
                    break;
                case "cbreak" or "-cbreak":
                    mode.Set("icanon", word[0] == '-');
                    break;
                case "rows" or "cols" or "columns" or "intr" or "quit" or "erase" or "kill" or "eof" or "susp" or "start" or "stop" or "werase" or "lnext" or "min" or "time" or "line" or "ispeed" or "ospeed":
                    if (++at == words.Length)
                    {
                        return await i.FailAsync($"missing argument to ‘{word}’\nTry 'stty --help' for more information.");
                    }

                    break;
                default:
                    if (TerminalMode.IsName(name))
                    {
                        mode.Set(name, isOn);
                    }
                    else if (word.Count(c => c == ':') > 10)
                    {
                        Restore(mode, word);
                    }
                    else if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int speed) && speed is 9600 or 19_200 or 38_400 or 57_600 or 115_200)
                    {
                        mode.Speed = speed;
                    }
                    else if (word is not ("nl" or "-nl" or "ek" or "crt" or "dec" or "evenp" or "-evenp" or "cs7" or "cs8" or "pass8" or "-pass8"))
                    {
                        return await i.FailAsync($"invalid argument ‘{word}’\nTry 'stty --help' for more information.");
                    }

                    break;
            }
        }

        return 0;
    }

    private static void Switch(TerminalMode mode, string[] names, bool isOn) => Array.ForEach(names, name => mode.Set(name, isOn));

    private static string Short(TerminalMode mode)
    {
        StringBuilder text = new(string.Create(CultureInfo.InvariantCulture, $"speed {mode.Speed} baud; line = 0;\n"));
        foreach (string[] line in s_lines)
        {
            string[] changed = [.. line.Where(name => name is "brkint" or "imaxbel" ? !mode.Is(name) : mode.IsChanged(name)).Select(name => (mode.Is(name) ? "" : "-") + name)];
            text.Append(line[0] is "iuclc" || changed.Length == 0 ? "" : string.Join(' ', line[0] is "ignbrk" ? changed.Concat(s_lines[2].Where(name => name is "imaxbel" ? !mode.Is(name) : mode.IsChanged(name)).Select(name => (mode.Is(name) ? "" : "-") + name)) : changed) + "\n");
        }

        return text.ToString();
    }

    private static string All(TerminalMode mode, int rows, int columns) => string.Create(CultureInfo.InvariantCulture, $"""
        speed {mode.Speed} baud; rows {rows}; columns {columns}; line = 0;
        intr = ^C; quit = ^\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;
        eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z; rprnt = ^R;
        werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;

        """) + string.Concat(s_lines.Select(line => string.Join(' ', line.Select(name => (mode.Is(name) || !TerminalMode.IsName(name) ? "" : "-") + name)) + "\n"));

    // The numbers of the flags, as a later stty takes them.
    private static string Saved(TerminalMode mode) => (mode.Is("icrnl") ? "4500" : "4400") + ":5:bf:" + (mode.IsCanonical, mode.Echoes) switch { (true, true) => "8a3b", (true, false) => "8a33", (false, true) => "8a39", _ => "8a31" }
        + ":3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0\n";

    private static void Restore(TerminalMode mode, string saved)
    {
        string[] parts = saved.Split(':');
        if (int.TryParse(parts[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int local))
        {
            mode.Reset();
            mode.Set("echo", (local & 8) != 0);
            mode.Set("icanon", (local & 2) != 0);
            mode.Set("icrnl", parts[0] is "4500");
        }
    }
}
