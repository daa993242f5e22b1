namespace Blackwall.Tarpit.Shell;

/// <summary>Variables by name, with those that functions hide (dynamic scope). Bounded in number.</summary>
internal sealed class VariableTable
{
    private const int MostVariables = 4096;
    private const int MostReferences = 8;

    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly Stack<Dictionary<string, Variable?>> _frames = new();

    public IEnumerable<KeyValuePair<string, Variable>> All => _variables.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The variable behind all references; null: there is none.</summary>
    public Variable? Find(string name) => _variables.GetValueOrDefault(Resolve(name));

    /// <summary>The variable itself, also if it is a reference.</summary>
    public Variable? FindItself(string name) => _variables.GetValueOrDefault(name);

    /// <summary>The variable behind all references, made if need be. Beyond the limit it is made and forgotten.</summary>
    public Variable Make(string name) => MakeItself(Resolve(name));

    public Variable MakeItself(string name)
    {
        if (!_variables.TryGetValue(name, out Variable? variable))
        {
            variable = new Variable();
            if (_variables.Count < MostVariables)
            {
                _variables[name] = variable;
            }
        }

        return variable;
    }

    /// <summary>The name at the end of a chain of references.</summary>
    public string Resolve(string name)
    {
        for (int i = 0; i < MostReferences && _variables.TryGetValue(name, out Variable? variable) && variable is { IsReference: true, Value: { Length: > 0 } target }; i++)
        {
            name = target;
        }

        return name;
    }

    public void Remove(string name) => _variables.Remove(name);

    /// <summary>Begins a function, or a command with assignments of its own.</summary>
    public void Push() => _frames.Push([]);

    /// <summary>Ends it: what it hid is there again.</summary>
    public void Pop()
    {
        foreach ((string name, Variable? hidden) in _frames.Pop())
        {
            if (hidden is null)
            {
                _variables.Remove(name);
            }
            else
            {
                _variables[name] = hidden;
            }
        }
    }

    /// <summary>Hides a variable until the function that runs has ended. The new one is not set, but keeps the export attribute.</summary>
    public Variable MakeLocal(string name)
    {
        if (!_frames.TryPeek(out Dictionary<string, Variable?>? frame))
        {
            return MakeItself(name);
        }

        Variable? hidden = _variables.GetValueOrDefault(name);
        if (!frame.TryAdd(name, hidden) || frame.Count > MostVariables)
        {
            return MakeItself(name);
        }

        return _variables[name] = new Variable { IsExported = hidden?.IsExported ?? false };
    }

    /// <summary>Whether the function that runs has a variable of its own by this name.</summary>
    public bool IsLocal(string name) => _frames.TryPeek(out Dictionary<string, Variable?>? frame) && frame.ContainsKey(name);

    public IEnumerable<string> LocalNames => _frames.TryPeek(out Dictionary<string, Variable?>? frame) ? frame.Keys.Order(StringComparer.Ordinal) : [];

    /// <summary>The variable outside of all functions, made if need be.</summary>
    public Variable MakeGlobal(string name)
    {
        foreach (Dictionary<string, Variable?> frame in _frames.Reverse())
        {
            if (frame.TryGetValue(name, out Variable? hidden))
            {
                return hidden ?? (frame[name] = new Variable())!;
            }
        }

        return MakeItself(name);
    }

    /// <summary>Also those that are hidden.</summary>
    public IEnumerable<Variable> Everything => _variables.Values.Concat(_frames.SelectMany(frame => frame.Values).OfType<Variable>());

    /// <summary>For a subshell: nothing that it changes is seen here.</summary>
    public VariableTable Copy()
    {
        VariableTable copy = new();
        foreach ((string name, Variable variable) in _variables)
        {
            copy._variables[name] = variable.Copy();
        }

        foreach (Dictionary<string, Variable?> frame in _frames.Reverse())
        {
            copy._frames.Push(new Dictionary<string, Variable?>(frame, StringComparer.Ordinal));
        }

        return copy;
    }
}
