using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Execution;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell;

/// <summary>What a shell remembers between commands. A subshell works on a copy.</summary>
internal sealed class ShellState : IMemoryHolder
{
    /// <summary>Commands, functions, substitutions and scripts that may be within one another.</summary>
    public const int MostNested = 1000;

    private const int LongestValue = 256 * 1024;

    // A copy costs as much as so many commands.
    private const int CopySteps = 15;

    // And so many characters of a value as one.
    private const int CharactersPerStep = 256;

    // What commands that were read need for each character of their text.
    public const int BytesPerParsedCharacter = 16;

    private ShellState? _root;

    public ShellState(Visit visit)
    {
        Visit = visit;
        SecondsFrom = visit.Machine.Now;
        Folder = visit.HomeFolder;
        HostName = visit.Memory.HostName;
        Options.UnionWith(["braceexpand", "hashall", "interactive-comments", .. Expansion.OptionNames.OfShopt.Where(option => option.IsOn).Select(option => option.Name)]);
    }

    [SetsRequiredMembers]
    private ShellState(ShellState other, Visit visit)
    {
        Visit = visit;
        SecondsFrom = other.SecondsFrom;
        Folder = other.Folder;
        HostName = other.HostName;
        PreviousFolder = other.PreviousFolder;
        (Status, Arguments, Name, Line) = (other.Status, other.Arguments, other.Name, other.Line);
        Variables = other.Variables.Copy();
        Options = new HashSet<string>(other.Options, StringComparer.Ordinal);
        Functions = new Dictionary<string, Function>(other.Functions, StringComparer.Ordinal);
        ExportedFunctions = new HashSet<string>(other.ExportedFunctions, StringComparer.Ordinal);
        Aliases = new Dictionary<string, string>(other.Aliases, StringComparer.Ordinal);
        Traps = other.Traps.Copy(signal => signal == Traps.Error ? other.Has("errtrace") : signal is Traps.Debug or Traps.Return && other.Has("functrace"));
        Calls = new List<CallFrame>(other.Calls);
        PipeStatus = other.PipeStatus;
        FileMask = other.FileMask;
        Limits = new(other.Limits);
        (IsInteractive, IsDash) = (other.IsInteractive, other.IsDash);
        Io = other.Io;
        Log = other.Log;
        Depth = other.Depth;
        Budget = other.Budget;
        OpenFiles = other.OpenFiles;
        IgnoresErrors = other.IgnoresErrors;
        Subshells = other.Subshells + 1;
        _root = other._root ?? other;
        (IsScript, TraceDepth, Parent) = (other.IsScript, other.TraceDepth, other);
        LastJob = other.LastJob;
        LastWord = other.LastWord;
        Hashed = other.Hashed is null ? null : new(other.Hashed, StringComparer.Ordinal);
        History = other.History;
        Folders = [.. other.Folders];
    }

    public Visit Visit { get; }

    /// <summary>When $SECONDS was 0.</summary>
    public DateTimeOffset SecondsFrom { get; set; }

    public FileSystem Files => Visit.Files;

    public string Folder { get; set; }

    public string PreviousFolder { get; set; } = "";

    public int Status { get; set; }

    /// <summary>Statuses of the last pipeline (PIPESTATUS).</summary>
    public IReadOnlyList<int> PipeStatus { get; set; } = [0];

    /// <summary>$0.</summary>
    public string Name { get; set; } = "bash";

    /// <summary>Line of the command that runs.</summary>
    public int Line { get; set; } = 1;

    /// <summary>The simple command that runs (BASH_COMMAND).</summary>
    public SimpleCommand? Current { get; set; }

    /// <summary>$_: the last word of the simple command before.</summary>
    public string LastWord { get; set; } = "/usr/bin/bash";

    /// <summary>$1 and on.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    public VariableTable Variables { get; } = new();

    /// <summary>Long names of options that are set (set -o and shopt): "noglob", "pipefail", "extglob".</summary>
    public HashSet<string> Options { get; } = new(StringComparer.Ordinal);

    public Traps Traps { get; } = new();

    /// <summary>Limits that ulimit set, soft and hard, by their letters.</summary>
    public Dictionary<char, (string Soft, string Hard)> Limits { get; } = [];

    /// <summary>Functions and files that run, the innermost last.</summary>
    public List<CallFrame> Calls { get; } = [];

    public Dictionary<string, Function> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>Where programs were found, and how often (hash); null: none was.</summary>
    public Dictionary<string, (string Path, int Hits)>? Hashed { get; set; }

    /// <summary>Names of functions that shells which it runs know too (export -f).</summary>
    public HashSet<string> ExportedFunctions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Aliases { get; } = new(StringComparer.Ordinal);

    public Prompting.CommandHistory History { get; set; } = new();

    /// <summary>The name of the machine as it was when the shell began, as bash keeps it for prompts.</summary>
    public string HostName { get; }

    /// <summary>Lines that ran at the prompt.</summary>
    public int CommandNumber { get; set; }

    /// <summary>Folders of pushd, the last one pushed first.</summary>
    public List<string> Folders { get; } = [];

    public int FileMask { get; set; } = 0x12;

    /// <summary>At a prompt: errors have no line number, and fatal ones do not end the shell.</summary>
    public bool IsInteractive { get; set; }

    /// <summary>It runs as /bin/sh, which is dash.</summary>
    public bool IsDash { get; set; }

    /// <summary>Whether a failure is looked at by "if", "&amp;&amp;", "!" and the like, so that -e and ERR do not apply.</summary>
    public int IgnoresErrors { get; set; }

    /// <summary>The process of this shell, which a subshell has of its own; null: nobody asked for it yet.</summary>
    public int? OwnProcess { get; set; }

    /// <summary>BASHPID.</summary>
    public int Process => OwnProcess ??= Subshells == 0 ? Visit.ShellProcess : Visit.Memory.NextProcess();

    /// <summary>The shell whose process $$ is.</summary>
    public ShellState Root => _root ?? this;

    /// <summary>PPID; null: that of the session.</summary>
    public int? ParentProcess { get; private set; }

    /// <summary>The next program takes the place of this shell: it is the same process (exec, and a simple command in the background).</summary>
    public bool IsReplaced { get; set; }

    /// <summary>The shell that it was made by; null: that of the session.</summary>
    public ShellState? Parent { get; private set; }

    /// <summary>How often set -x repeats the first character of PS4: within eval, source, traps and substitutions.</summary>
    public int TraceDepth { get; set; }

    /// <summary>It runs a file of commands.</summary>
    public bool IsScript { get; set; }

    /// <summary>The file that commands are from which run now, for messages.</summary>
    public string SourceName => Calls.Count > 0 && !IsInteractive ? Calls[^1].Source : Name;

    /// <summary>How many subshells this one is within.</summary>
    public int Subshells { get; init; }

    public Jobs Jobs { get; } = new();

    /// <summary>$!; 0: none.</summary>
    public int LastJob { get; set; }

    /// <summary>Set by RANDOM=n; null: by chance.</summary>
    public ShellRandom? RandomSource { get; set; }

    public required IProgramIo Io { get; init; }

    public required ISessionLog Log { get; init; }

    /// <summary>Functions, substitutions and scripts within one another.</summary>
    public int Depth { get; set; }

    public required Budget Budget { get; init; }

    public Turns Turns => Budget.Turns;

    public OpenFiles OpenFiles { get; init; } = new();

    /// <summary>Names of the variables that programs see.</summary>
    public IEnumerable<string> Exported => Variables.All.Where(pair => pair.Value is { IsExported: true, IsSet: true }).Select(pair => pair.Key);

    /// <summary>What begins an error of the shell: its name and the line.</summary>
    public string Where => IsInteractive && !IsDash ? Name + ": " : string.Create(CultureInfo.InvariantCulture, $"{SourceName}: {(IsDash ? "" : "line ")}{Line}: ");

    public bool Has(string option) => Options.Contains(option);

    /// <summary>What text that is parsed now has aliases for; null: they are not in use.</summary>
    public Func<string, string?>? ActiveAliases => Aliases.Count > 0 && (IsInteractive || Has("expand_aliases")) ? name => Aliases.GetValueOrDefault(name) : null;

    public string Get(string name) => Find(name) ?? "";

    /// <summary>The value of a variable, of an array its first element; null: it is not set.</summary>
    public string? Find(string name)
    {
        name = Variables.Resolve(name);
        if (name.EndsWith(']') && name.IndexOf('[', StringComparison.Ordinal) is > 0 and var open)
        {
            return Variables.Find(name[..open])?.Array is { } list ? list.Get(Key(list.IsAssociative, name[(open + 1)..^1])) : null;
        }

        return Variables.FindItself(name) is { } variable ? variable.Array is { } array ? array.Get("0") : variable.Value : null;
    }

    /// <summary>The array of this name, made of the variable if need be.</summary>
    public ShellArray Array(string name, bool isAssociative = false)
    {
        Variable variable = Variables.Make(name);
        if (variable.Array is null)
        {
            variable.Array = new ShellArray(isAssociative);
            if (variable.Value is { } value)
            {
                variable.Array.Set("0", value);
                variable.Value = null;
            }
        }

        return variable.Array;
    }

    /// <summary>Expands the text of a subscript; null: as it is.</summary>
    public Func<string, string>? Subscripts { get; set; }

    /// <summary>The key that the text of a subscript stands for.</summary>
    public string Key(bool isAssociative, string text)
    {
        text = Subscripts is { } expand && text.AsSpan().IndexOfAny("$\"'\\") >= 0 ? expand(text) : text;
        return isAssociative ? text : Index(text);
    }

    /// <summary>The number of an element; an error gives up all of the text that is read, but of a script only the line.</summary>
    public string Index(string text)
    {
        try
        {
            return Calculator.Evaluate(text, this).ToString(CultureInfo.InvariantCulture);
        }
        catch (ShellErrorException e) when (e.IsArithmetic && e.Exits is null)
        {
            throw new ShellErrorException(e.Message, IsScript || IsInteractive ? null : 1) { IsSubscript = true };
        }
    }

    public void Unset(string name) => Variables.Remove(Variables.Resolve(name));

    /// <summary>Assigns a value as the attributes of the variable have it.</summary>
    /// <exception cref="ShellErrorException">It is read-only.</exception>
    public void Set(string name, string value, string? key = null)
    {
        string called = name;
        name = Variables.Resolve(name);
        if (key is null && name.EndsWith(']') && name.IndexOf('[', StringComparison.Ordinal) is > 0 and var open)
        {
            (name, key) = (name[..open], name[(open + 1)..^1]);
            key = Key(Variables.Find(name)?.Array is { IsAssociative: true }, key);
        }

        if (name.Length == 0)
        {
            throw new ShellErrorException($"warning: {called}: circular name reference");
        }

        if (SpecialVariables.IsKept(name))
        {
            return;
        }

        Variable variable = Variables.MakeItself(name);
        if (variable.IsReadOnly)
        {
            throw new ShellErrorException($"{name}: readonly variable") { IsReadOnly = true };
        }

        if (variable is { IsReference: true, Value: null } && key is null && !Commands.Builtin.IsReference(value))
        {
            throw new ShellErrorException($"`{value}': not a valid identifier");
        }

        Budget.Charge(value.Length / CharactersPerStep);
        Reserve(value.Length);
        value = SpecialVariables.Converted(this, variable, value.Length <= LongestValue ? value : value[..LongestValue]);
        if (key is not null)
        {
            ShellArray array = Array(name);
            if (array.IsBefore(key))
            {
                throw new ShellErrorException($"{name}[{key}]: bad array subscript");
            }

            array.Set(key, value);
        }
        else if (variable.Array is { } whole)
        {
            whole.Set("0", value);
        }
        else
        {
            variable.Value = value;
        }

        if (Has("allexport"))
        {
            variable.IsExported = true;
        }

        SpecialVariables.Assigned(this, name, value);
    }

    /// <summary>Called before the shell keeps so many characters more.</summary>
    /// <exception cref="ShellErrorException">The session has no memory for them: the shell ends.</exception>
    public void Reserve(long characters) => ShellMemory.Reserve(this, characters);

    long IMemoryHolder.BytesHeld(HashSet<object> seen) => ShellMemory.Of(this, seen);

    public void Export(string name, string value)
    {
        Set(name, value);
        Variables.Make(name).IsExported = true;
    }

    public string Path(string path) => FileSystem.Normalize(path, Folder);

    /// <summary>For a subshell.</summary>
    public ShellState Copy(int deeper = 1)
    {
        Budget.Charge(CopySteps);
        return new ShellState(this, Visit) { Subshells = Subshells + deeper };
    }

    /// <summary>For a program that is a shell itself: it knows what is exported, and nothing else.</summary>
    public ShellState CopyForProgram()
    {
        ShellState copy = new(this, Visit) { IgnoresErrors = 0, IsInteractive = false, IsDash = false, Line = 1, Subshells = 0, SecondsFrom = Visit.Machine.Now };
        foreach ((string name, Variable variable) in copy.Variables.All.ToArray())
        {
            if (!variable.IsExported || variable.Array is not null)
            {
                copy.Variables.Remove(name);
            }
            else
            {
                (variable.IsReadOnly, variable.IsInteger, variable.Case, variable.IsReference) = (false, false, '\0', false);
            }
        }

        copy._root = null;
        foreach (string name in copy.Functions.Keys.Where(name => !copy.ExportedFunctions.Contains(name)).ToArray())
        {
            copy.Functions.Remove(name);
        }

        copy.Aliases.Clear();
        string[] exported = Variables.FindItself("SHELLOPTS") is { IsExported: true } ? [.. Options.Where(Expansion.OptionNames.IsOfSet)] : [];
        copy.Options.Clear();
        copy.Options.UnionWith(exported);
        copy.Options.UnionWith(["braceexpand", "hashall", "interactive-comments", .. Expansion.OptionNames.OfShopt.Where(option => option.IsOn).Select(option => option.Name)]);
        copy.Calls.Clear();
        copy.Traps.ClearForProgram();
        copy.LastJob = 0;
        (copy.IsScript, copy.TraceDepth) = (false, 0);
        (copy.OwnProcess, copy.ParentProcess) = IsReplaced ? (Process, Subshells > 0 ? Parent?.Process : ParentProcess) : (Visit.Memory.NextProcess(), Process);
        IsReplaced = false;
        copy.Arguments = [];
        copy.Status = 0;
        return copy;
    }

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
