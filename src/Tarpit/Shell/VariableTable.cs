namespace Blackwall.Tarpit.Shell;

/// <summary>Variables by name, with those that functions hide (dynamic scope). Bounded in number.</summary>
internal sealed class VariableTable
{
    private const int MostVariables = 4096;
    private const int MostReferences = 8;

    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly Stack<Frame> _frames = new();

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
        int seen = 0;
        while (_variables.TryGetValue(name, out Variable? variable) && variable is { IsReference: true, Value: { Length: > 0 } target })
        {
            if (++seen > MostReferences)
            {
                // They go round in a circle.
                return "";
            }

            name = target;
        }

        return name;
    }

    public void Remove(string name) => _variables.Remove(name);

    /// <summary>As unset has it: what belongs to a caller, or to the command alone, shows what it hid; a local variable stays local without a value.</summary>
    public void Unset(string name)
    {
        bool isCurrent = true;
        foreach (Frame frame in _frames)
        {
            if (frame.Hidden.TryGetValue(name, out Variable? hidden) && !(isCurrent && frame.IsFunction))
            {
                frame.Hidden.Remove(name);
                Show(name, hidden);
                return;
            }

            if (frame.Hidden.ContainsKey(name))
            {
                break;
            }

            isCurrent &= !frame.IsFunction;
        }

        _variables.Remove(name);
    }

    /// <summary>Begins a function, or a command with assignments of its own.</summary>
    public void Push(bool isFunction) => _frames.Push(new Frame(isFunction));

    /// <summary>Ends it: what it hid is there again.</summary>
    public void Pop()
    {
        foreach ((string name, Variable? hidden) in _frames.Pop().Hidden)
        {
            Show(name, hidden);
        }
    }

    private void Show(string name, Variable? hidden)
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

    private Frame? Function => _frames.FirstOrDefault(frame => frame.IsFunction);

    /// <summary>Hides a variable until the command whose own it is has ended.</summary>
    public Variable MakeTemporary(string name)
    {
        Variable made = Hide(_frames.Peek(), name);
        made.IsTemporary = true;
        return made;
    }

    /// <summary>An assignment before export is one of the shell itself.</summary>
    public void Keep(string name)
    {
        if (_frames.TryPeek(out Frame? frame) && !frame.IsFunction && frame.Hidden.ContainsKey(name) && _variables.TryGetValue(name, out Variable? kept))
        {
            frame.Hidden[name] = kept;
            kept.IsTemporary = false;
        }
    }

    /// <summary>Hides a variable until the function that runs has ended. The new one is not set, but keeps the export attribute, and the value of one that is the command's own.</summary>
    public Variable MakeLocal(string name) => Function is { } frame ? Hide(frame, name) : MakeItself(name);

    private Variable Hide(Frame frame, string name)
    {
        Variable? hidden = _variables.GetValueOrDefault(name);
        if (!frame.Hidden.TryAdd(name, hidden) || frame.Hidden.Count > MostVariables)
        {
            return MakeItself(name);
        }

        return _variables[name] = hidden is { IsTemporary: true } && frame.IsFunction ? hidden.Copy() : new Variable { IsExported = hidden?.IsExported ?? false };
    }

    /// <summary>Whether the function that runs has a variable of its own by this name.</summary>
    public bool IsLocal(string name) => Function?.Hidden.ContainsKey(name) == true;

    public IEnumerable<string> LocalNames => Function?.Hidden.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();

    /// <summary>The variable outside of all functions, made if need be.</summary>
    public Variable MakeGlobal(string name)
    {
        foreach (Frame frame in _frames.Reverse())
        {
            if (frame.Hidden.TryGetValue(name, out Variable? hidden))
            {
                return hidden ?? (frame.Hidden[name] = new Variable())!;
            }
        }

        return MakeItself(name);
    }

    /// <summary>Also those that are hidden.</summary>
    public IEnumerable<Variable> Everything => _variables.Values.Concat(_frames.SelectMany(frame => frame.Hidden.Values).OfType<Variable>());

    /// <summary>For a subshell: nothing that it changes is seen here.</summary>
    public VariableTable Copy()
    {
        VariableTable copy = new();
        foreach ((string name, Variable variable) in _variables)
        {
            copy._variables[name] = variable.Copy();
        }

        foreach (Frame frame in _frames.Reverse())
        {
            copy._frames.Push(new Frame(frame.IsFunction, frame.Hidden));
        }

        return copy;
    }

    /// <summary>What a function, or a command with assignments of its own, hides.</summary>
    private sealed class Frame(bool isFunction, IDictionary<string, Variable?>? hidden = null)
    {
        public bool IsFunction => isFunction;

        public Dictionary<string, Variable?> Hidden { get; } = hidden is null ? new(StringComparer.Ordinal) : new(hidden, StringComparer.Ordinal);
    }
}
