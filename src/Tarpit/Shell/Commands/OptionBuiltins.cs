using Blackwall.Tarpit.Shell.Expansion;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>set and shopt.</summary>
internal static class OptionBuiltins
{
    public static async ValueTask<int> SetAsync(Invocation i)
    {
        if (i.Arguments.Count == 0)
        {
            await i.PrintAsync(string.Concat(OwnVariables.All(i.State).Where(pair => OwnVariables.IsShown(pair.Value)).Select(pair => Declarations.Plain(pair.Key, pair.Value) + "\n")) + OwnVariables.Functions(i.State));
            return 0;
        }

        for (int at = 0; at < i.Arguments.Count; at++)
        {
            string argument = i.Arguments[at];
            if (argument is "+")
            {
                continue;
            }

            if (argument is "-")
            {
                Turn(i.State, "xtrace", isOn: false);
                Turn(i.State, "verbose", isOn: false);
            }

            if (argument is "--" or "-" || argument is not ['-' or '+', _, ..])
            {
                bool isMarked = argument is "--" or "-";
                if (argument is not "-" || at + 1 < i.Arguments.Count)
                {
                    i.State.Reserve(i.Arguments.Count * (sizeof(long) / sizeof(char)));
                    i.State.Arguments = [.. i.Arguments.Skip(isMarked ? at + 1 : at)];
                    if (i.State.Calls is [.., var call])
                    {
                        call.SetsArguments = true;
                    }
                }

                return 0;
            }

            bool isOn = argument[0] == '-';
            foreach (char letter in argument[1..])
            {
                string? name = OptionNames.Find(letter);
                if (letter == 'o')
                {
                    if (at + 1 >= i.Arguments.Count || i.Arguments[at + 1] is ['-' or '+', ..])
                    {
                        // The letters behind it count all the same.
                        await ListAsync(i, isOn);
                        continue;
                    }

                    name = i.Arguments[++at];
                    if (!OptionNames.IsOfSet(name))
                    {
                        return await Builtin.ShellErrorAsync(i, $"{name}: invalid option name", 2);
                    }
                }

                if (name is null || letter == '\0')
                {
                    return await Builtin.InvalidOptionAsync(i, $"{argument[0]}{letter}", "set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]");
                }

                Turn(i.State, name, isOn);
            }
        }

        return 0;
    }

    public static async ValueTask<int> ShoptAsync(Invocation i)
    {
        string letters = string.Concat(i.Arguments.TakeWhile(argument => argument is ['-', _, ..] and not "--").Select(argument => argument[1..]));
        List<string> names = [.. i.Arguments.SkipWhile(argument => argument is ['-', _, ..])];
        if (letters.FirstOrDefault(c => !"pqsuo".Contains(c, StringComparison.Ordinal)) is not '\0' and var wrong)
        {
            return await Builtin.InvalidOptionAsync(i, $"-{wrong}", "shopt [-pqsu] [-o] [optname ...]");
        }

        bool isSet = letters.Contains('o', StringComparison.Ordinal), isOn = letters.Contains('s', StringComparison.Ordinal), isOff = letters.Contains('u', StringComparison.Ordinal), isQuiet = letters.Contains('q', StringComparison.Ordinal);
        int status = 0;
        if (isOn && isOff)
        {
            return await Builtin.ShellErrorAsync(i, "cannot set and unset shell options simultaneously");
        }

        if (names.Count == 0)
        {
            if (isQuiet)
            {
                return 0;
            }

            IEnumerable<string> all = isSet ? OptionNames.OfSet : OptionNames.OfShopt.Select(option => option.Name);
            await i.PrintAsync(string.Concat(all.Where(name => isOn ? i.State.Has(name) : !isOff || !i.State.Has(name)).Select(name => Line(i.State, name, letters))));
            return 0;
        }

        foreach (string name in names)
        {
            if (!(isSet ? OptionNames.IsOfSet(name) : OptionNames.OfShopt.Any(option => string.Equals(option.Name, name, StringComparison.Ordinal))))
            {
                int failed = await Builtin.ShellErrorAsync(i, $"{name}: invalid {(isSet ? "" : "shell ")}option name");
                // One that is to be turned on with -o fails with a word alone, as bash has it.
                status = isSet && (isOn || isOff) ? status : failed;
            }
            else if (isOn || isOff)
            {
                Turn(i.State, name, isOn);
            }
            else
            {
                status = i.State.Has(name) ? status : 1;
                await i.PrintAsync(isQuiet ? "" : Line(i.State, name, letters));
            }
        }

        return status;
    }

    private static string Line(ShellState state, string name, string letters) =>
        letters.Contains('p', StringComparison.Ordinal) ? letters.Contains('o', StringComparison.Ordinal) ? $"set {(state.Has(name) ? "-" : "+")}o {name}\n" : $"shopt {(state.Has(name) ? "-s" : "-u")} {name}\n"
        : $"{name,-15}\t{(state.Has(name) ? "on" : "off")}\n";

    private static async ValueTask<int> ListAsync(Invocation i, bool isTable)
    {
        await i.PrintAsync(string.Concat(OptionNames.OfSet.Select(name => isTable ? $"{name,-15}\t{(i.State.Has(name) ? "on" : "off")}\n" : $"set {(i.State.Has(name) ? "-" : "+")}o {name}\n")));
        return 0;
    }

    private static void Turn(ShellState state, string name, bool isOn)
    {
        _ = isOn ? state.Options.Add(name) : state.Options.Remove(name);
        if (name is "vi" or "emacs" && isOn)
        {
            state.Options.Remove(name is "vi" ? "emacs" : "vi");
        }
    }
}
