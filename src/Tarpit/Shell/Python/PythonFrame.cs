namespace Blackwall.Tarpit.Shell.Python;

/// <summary>A call of a function, or the module, while it runs.</summary>
internal sealed class PythonFrame(Scope scope, string function, string file, string? source)
{
    public Scope Scope => scope;

    public string Function => function;

    public string File => file;

    /// <summary>Its text, for traces; null: it is not to be had, as of -c.</summary>
    public string? Source => source;

    /// <summary>What is done now: where an error is reported.</summary>
    public PythonNode? At { get; set; }

    public object? Result { get; set; }

    /// <summary>The exception whose handler runs.</summary>
    public PythonException? Handled { get; set; }

    /// <summary>Takes what a generator yields; null: it is none.</summary>
    public Func<object?, ValueTask<object?>>? Yield { get; set; }

    public object? Find(string name, PythonMachine machine)
    {
        if (scope.Values.TryGetValue(name, out object? value))
        {
            return value;
        }

        for (Scope? around = scope.Others.TryGetValue(name, out bool isGlobal) && isGlobal ? null : scope.Outer; around is not null; around = around.Outer)
        {
            if (!around.IsClass && around.Values.TryGetValue(name, out value))
            {
                return value;
            }
        }

        return scope.Module.Values.TryGetValue(name, out value) || machine.Builtins.TryGetValue(name, out value) ? value : throw Unknown(name, machine);
    }

    public void Set(string name, object? value)
    {
        Scope target = scope;
        if (scope.Others.TryGetValue(name, out bool isGlobal))
        {
            target = isGlobal ? scope.Module : scope;
            for (Scope? around = isGlobal ? null : scope.Outer; around is not null; around = around.Outer)
            {
                if (!around.IsClass && around.Values.ContainsKey(name))
                {
                    target = around;
                    break;
                }
            }
        }

        target.Values[name] = value;
    }

    public void Remove(string name, PythonMachine machine)
    {
        if (!scope.Values.Remove(name))
        {
            throw Unknown(name, machine);
        }
    }

    private PythonException Unknown(string name, PythonMachine machine)
    {
        IEnumerable<string> known = scope.Values.Keys.Concat(scope.Module.Values.Keys).Concat(machine.Builtins.Keys);
        string hint = PythonModules.IsLibrary(name) ? $". Did you forget to import '{name}'?" : Nearest(name, known) is { } near ? $". Did you mean: '{near}'?" : "";
        return PythonErrors.New("NameError", $"name '{name}' is not defined{hint}");
    }

    /// <summary>The name that somebody may have meant; null: none is close.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        const int longest = 40;
        if (name.Length > longest)
        {
            return null;
        }

        (string? Name, int Distance) best = (null, (name.Length + 3) / 3);
        foreach (string other in known.Where(other => other.Length <= longest && Math.Abs(other.Length - name.Length) <= 2 && !other.StartsWith("__", StringComparison.Ordinal)).Take(400))
        {
            int distance = Distance(name, other);
            best = distance < best.Distance || (distance == best.Distance && best.Name is null && distance * 3 <= name.Length) ? (other, distance) : best;
        }

        return best.Name;
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int n = 1; n <= a.Length; n++)
        {
            int corner = row[0];
            row[0] = n;
            for (int m = 1; m <= b.Length; m++)
            {
                int above = row[m];
                row[m] = Math.Min(Math.Min(row[m] + 1, row[m - 1] + 1), corner + (a[n - 1] == b[m - 1] ? 0 : 1));
                corner = above;
            }
        }

        return row[b.Length];
    }
}
