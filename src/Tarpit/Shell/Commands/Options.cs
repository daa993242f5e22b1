namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Options of a command, read as getopt_long reads them: letters together, values joined or apart, "--" ends them.</summary>
internal sealed class Options
{
    private readonly Dictionary<char, string> _given = [];

    private Options()
    {
    }

    public List<string> Operands { get; } = [];

    /// <summary>The first option that is none, as it was written; null: all are.</summary>
    public string? Unknown { get; private set; }

    /// <summary>The value of an option; null: it is not given.</summary>
    public string? this[char letter] => _given.GetValueOrDefault(letter);

    public bool Has(char letter) => _given.ContainsKey(letter);

    /// <param name="letters">Options; a colon behind one says that it takes a value.</param>
    /// <param name="names">Long names and the letters that they stand for.</param>
    public static Options Read(IReadOnlyList<string> arguments, string letters, params (string Name, char Letter)[] names)
    {
        Options options = new();
        bool hasEnded = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (hasEnded || argument.Length < 2 || argument[0] != '-')
            {
                options.Operands.Add(argument);
            }
            else if (argument is "--")
            {
                hasEnded = true;
            }
            else if (argument[1] == '-')
            {
                string[] parts = argument[2..].Split('=', 2);
                char letter = names.FirstOrDefault(name => string.Equals(name.Name, parts[0], StringComparison.Ordinal)).Letter;
                if (letter == default)
                {
                    options.Unknown ??= argument;
                }
                else
                {
                    options._given[letter] = parts.Length > 1 ? parts[1] : TakesValue(letters, letter) && i + 1 < arguments.Count ? arguments[++i] : "";
                }
            }
            else
            {
                options.ReadLetters(arguments, ref i, letters);
            }
        }

        return options;
    }

    private static bool TakesValue(string letters, char letter) => letters.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 && at + 1 < letters.Length && letters[at + 1] == ':';

    private void ReadLetters(IReadOnlyList<string> arguments, ref int i, string letters)
    {
        string argument = arguments[i];
        for (int at = 1; at < argument.Length; at++)
        {
            char letter = argument[at];
            if (letter == ':' || !letters.Contains(letter, StringComparison.Ordinal))
            {
                Unknown ??= "-" + letter;
                continue;
            }

            if (TakesValue(letters, letter))
            {
                _given[letter] = at + 1 < argument.Length ? argument[(at + 1)..] : i + 1 < arguments.Count ? arguments[++i] : "";
                return;
            }

            _given[letter] = "";
        }
    }
}
