using System.Diagnostics.CodeAnalysis;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell;

/// <summary>What a shell remembers between commands. A subshell works on a copy.</summary>
internal sealed class ShellState
{
    /// <summary>Commands, functions, substitutions and scripts that may be within one another.</summary>
    public const int MostNested = 60;

    private const int MostVariables = 4096;
    private const int MostArrays = 256;
    private const int LongestValue = 256 * 1024;

    public ShellState(Visit visit)
    {
        Visit = visit;
        Folder = visit.HomeFolder;
    }

    [SetsRequiredMembers]
    private ShellState(ShellState other, Visit visit)
    {
        Visit = visit;
        Folder = other.Folder;
        PreviousFolder = other.PreviousFolder;
        Status = other.Status;
        Arguments = other.Arguments;
        Name = other.Name;
        Variables = new Dictionary<string, string>(other.Variables, StringComparer.Ordinal);
        Arrays = other.Arrays.ToDictionary(array => array.Key, array => array.Value.Copy(), StringComparer.Ordinal);
        Integers = new HashSet<string>(other.Integers, StringComparer.Ordinal);
        Options = new HashSet<string>(other.Options, StringComparer.Ordinal);
        Exported = new HashSet<string>(other.Exported, StringComparer.Ordinal);
        Functions = new Dictionary<string, Command>(other.Functions, StringComparer.Ordinal);
        Aliases = new Dictionary<string, string>(other.Aliases, StringComparer.Ordinal);
        Io = other.Io;
        Log = other.Log;
        Depth = other.Depth;
        Budget = other.Budget;
    }

    public Visit Visit { get; }

    public FileSystem Files => Visit.Files;

    public string Folder { get; set; }

    public string PreviousFolder { get; set; } = "";

    public int Status { get; set; }

    /// <summary>$0.</summary>
    public string Name { get; set; } = "bash";

    /// <summary>$1 and on.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ShellArray> Arrays { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables whose values are computed when they are assigned (declare -i).</summary>
    public HashSet<string> Integers { get; } = new(StringComparer.Ordinal);

    /// <summary>Long names of options that are set: "noglob", "pipefail".</summary>
    public HashSet<string> Options { get; } = new(StringComparer.Ordinal);

    /// <summary>What runs when the shell ends (trap ... EXIT); null: nothing.</summary>
    public string? ExitTrap { get; set; }

    /// <summary>Variables of the functions that run, as they were before: the innermost function last.</summary>
    public Stack<Dictionary<string, (string? Value, ShellArray? Array)>> Locals { get; } = new();

    public HashSet<string> Exported { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Command> Functions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Aliases { get; } = new(StringComparer.Ordinal);

    public List<string> History { get; } = [];

    public required IProgramIo Io { get; init; }

    public required ISessionLog Log { get; init; }

    /// <summary>Functions, substitutions and scripts within one another.</summary>
    public int Depth { get; set; }

    public required Budget Budget { get; init; }

    public string Get(string name) => Find(name) ?? "";

    /// <summary>The value of a variable, of an array its first element; null: it is not set.</summary>
    public string? Find(string name) => Variables.TryGetValue(name, out string? value) ? value : Arrays.TryGetValue(name, out ShellArray? array) ? array.Get("0") : null;

    /// <summary>The array of this name, made of the variable if need be.</summary>
    public ShellArray Array(string name, bool isAssociative = false)
    {
        if (Arrays.TryGetValue(name, out ShellArray? array))
        {
            return array;
        }

        array = new ShellArray(isAssociative);
        if (Variables.Remove(name, out string? value))
        {
            array.Set("0", value);
        }

        return Arrays.Count < MostArrays ? Arrays[name] = array : array;
    }

    /// <summary>Keeps a variable as it is until the function that runs has ended.</summary>
    public void MakeLocal(string name)
    {
        if (Locals.TryPeek(out Dictionary<string, (string? Value, ShellArray? Array)>? frame) && frame.TryAdd(name, (Variables.GetValueOrDefault(name), Arrays.GetValueOrDefault(name))))
        {
            Variables.Remove(name);
            Arrays.Remove(name);
        }
    }

    public void Unset(string name)
    {
        Variables.Remove(name);
        Arrays.Remove(name);
        Integers.Remove(name);
        Exported.Remove(name);
    }

    public void Set(string name, string value)
    {
        if (Arrays.TryGetValue(name, out ShellArray? array))
        {
            array.Set("0", value.Length <= LongestValue ? value : value[..LongestValue]);
            return;
        }

        if (Variables.Count < MostVariables || Variables.ContainsKey(name))
        {
            Variables[name] = value.Length <= LongestValue ? value : value[..LongestValue];
        }
    }

    public void Export(string name, string value)
    {
        Set(name, value);
        Exported.Add(name);
    }

    public string Path(string path) => FileSystem.Normalize(path, Folder);

    /// <summary>For a subshell.</summary>
    public ShellState Copy() => new(this, Visit);

    /// <summary>For a shell of another user.</summary>
    public ShellState CopyFor(Visit visit)
    {
        ShellState copy = new(this, visit);
        copy.Export("USER", visit.UserName);
        copy.Export("LOGNAME", visit.UserName);
        copy.Export("HOME", visit.HomeFolder);
        return copy;
    }
}
