namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Variables as declare -p and set print them.</summary>
internal static class Declarations
{
    /// <summary>declare -a name=([0]="x").</summary>
    public static string Of(string name, Variable variable, Func<string, string>? quote = null)
    {
        string letters = variable.Letters, head = $"declare -{(letters.Length == 0 ? "-" : letters)} {name}";
        return variable.Array is { IsAssigned: false } ? head : variable.Array is { } array ? $"{head}={List(array)}" : variable.Value is { } value ? $"{head}={(quote ?? Quoting.OfDeclaration)(value)}" : head;
    }

    /// <summary>name=value, as set has it.</summary>
    public static string Plain(string name, Variable variable) => variable.Array is { } array ? $"{name}={List(array)}" : $"{name}={Quoting.IfNeeded(variable.Value ?? "")}";

    private static string List(ShellArray array)
    {
        string elements = string.Join(' ', array.Keys.Zip(array.Values, (key, value) => $"[{(array.IsAssociative ? Quoting.KeyOf(key) : key)}]={Quoting.OfDeclaration(value)}"));
        return array.IsAssociative && elements.Length > 0 ? $"({elements} )" : $"({elements})";
    }
}
