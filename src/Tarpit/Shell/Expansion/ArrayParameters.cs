using System.Globalization;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Elements of arrays; a variable is an array of one element.</summary>
internal sealed class ArrayParameters(ShellState state)
{
    public IReadOnlyList<string> Values(string name) => state.Arrays.TryGetValue(name, out ShellArray? array) ? array.Values : state.Variables.TryGetValue(name, out string? value) ? [value] : [];

    public IReadOnlyList<string> Keys(string name) => state.Arrays.TryGetValue(name, out ShellArray? array) ? array.Keys : state.Variables.ContainsKey(name) ? ["0"] : [];

    /// <summary>Null: there is no such element.</summary>
    public string? Element(string name, string key)
    {
        if (!state.Arrays.TryGetValue(name, out ShellArray? array))
        {
            return Calculator.Evaluate(key, state) is 0 or -1 ? state.Variables.GetValueOrDefault(name) : null;
        }

        return array.Get(array.IsAssociative ? key : Calculator.Evaluate(key, state).ToString(CultureInfo.InvariantCulture));
    }
}
