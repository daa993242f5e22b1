using System.Globalization;

namespace Blackwall.Tarpit.Shell;

/// <summary>Variables that mean something to the shell itself, and what attributes make of a value.</summary>
internal static class SpecialVariables
{
    /// <summary>Whether an assignment is passed over.</summary>
    public static bool IsKept(string name) => name is "FUNCNAME" or "GROUPS" or "BASH_SOURCE" or "BASH_LINENO";

    /// <summary>The value that a variable gets.</summary>
    public static string Converted(ShellState state, Variable variable, string value) =>
        variable.IsInteger ? Calculator.Evaluate(value, state).ToString(CultureInfo.InvariantCulture)
        : variable.Case == 'u' ? Characters.Upper(value)
        : variable.Case == 'l' ? Characters.Lower(value)
        : variable.Case == 'c' ? Characters.Upper(Characters.First(value)) + Characters.Lower(value[Characters.First(value).Length..])
        : value;

    /// <summary>What follows from an assignment.</summary>
    public static void Assigned(ShellState state, string name, string value)
    {
        switch (name)
        {
            case "BASH_ARGV0":
                state.Name = value;
                break;
            case "PATH":
                state.Hashed = null;
                break;
            case "OPTIND":
                state.Variables.Make(name).Place = 0;
                break;
            case "SECONDS":
                state.SecondsFrom = state.Visit.Machine.Now - TimeSpan.FromSeconds((int)Calculator.Evaluate(value, state));
                break;
            case "RANDOM":
                state.RandomSource = new ShellRandom(unchecked((uint)Calculator.Evaluate(value, state)));
                break;
        }
    }
}
