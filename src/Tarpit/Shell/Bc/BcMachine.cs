using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>Runs a bc program: POSIX bc with what GNU adds. Steps, depth and output are bounded.</summary>
internal sealed class BcMachine(Func<ValueTask> step)
{
    private const int DeepestCalls = 60;
    private const int MostSteps = 200_000;
    private const int LongestOutput = 1 << 20;
    private const int MostElements = 65_536;
    private const int LargestScale = 1000;
    private readonly Dictionary<string, BcNumber> _variables = new(StringComparer.Ordinal);
    private readonly StringBuilder _output = new();
    private string? _jump;
    private BcNumber _returned;
    private int _calls;
    private int _steps;
    private int _scale;
    private int _input = 10;
    private int _shown = 10;

    public required Dictionary<string, BcFunction> Functions { get; init; }

    /// <summary>-l: the functions s, c, a, l and e are there.</summary>
    public bool HasLibrary { get; set; }

    public bool HasQuit => _jump is "quit";

    public int Scale
    {
        set => _scale = value;
    }

    public string Take()
    {
        string text = _output.ToString();
        _output.Clear();
        return text;
    }

    /// <exception cref="BcErrorException">It ends with an error.</exception>
    public async ValueTask RunAsync(BcNode node)
    {
        await step();
        if (++_steps > MostSteps || _output.Length > LongestOutput)
        {
            _jump = "quit";
        }

        if (_jump is not null)
        {
            return;
        }

        switch (node.Kind)
        {
            case "block":
                foreach (BcNode? part in node.Parts)
                {
                    await RunAsync(part!);
                }

                break;
            case "text":
                _output.Append(node.Text);
                break;
            case "expression":
                await ComputeAsync(node.Parts[0]!);
                break;
            case "print" when node.Text is "value":
                BcNumber value = await ComputeAsync(node.Parts[0]!);
                _variables["last"] = value;
                _output.Append(value.Text(_shown)).Append('\n');
                break;
            case "print":
                foreach (BcNode? part in node.Parts)
                {
                    _output.Append(part!.Kind is "text" ? Escapes.Decode(part.Text) : (await ComputeAsync(part)).Text(_shown));
                }

                break;
            case "if":
                if (!(await ComputeAsync(node.Parts[0]!)).IsZero)
                {
                    await RunAsync(node.Parts[1]!);
                }
                else if (node.Parts[2] is { } otherwise)
                {
                    await RunAsync(otherwise);
                }

                break;
            case "while":
                await LoopAsync(node.Parts[0], null, node.Parts[1]!);
                break;
            case "for":
                _ = node.Parts[0] is { } first ? await ComputeAsync(first) : BcNumber.Zero;
                await LoopAsync(node.Parts[1], node.Parts[2], node.Parts[3]!);
                break;
            case "jump":
                _returned = node.Parts.Count > 0 && node.Parts[0] is { } result ? await ComputeAsync(result) : BcNumber.Zero;
                _jump = node.Text;
                break;
        }
    }

    private async ValueTask LoopAsync(BcNode? condition, BcNode? after, BcNode body)
    {
        while (_jump is null && (condition is null || !(await ComputeAsync(condition)).IsZero))
        {
            await RunAsync(body);
            if (_jump is "break")
            {
                _jump = null;
                return;
            }

            _jump = _jump is "continue" ? null : _jump;
            _ = after is not null && _jump is null ? await ComputeAsync(after) : BcNumber.Zero;
        }
    }

    private async ValueTask<BcNumber> ComputeAsync(BcNode node)
    {
        switch (node.Kind)
        {
            case "number":
                return BcNumber.Parse(node.Text, _input);
            case "name" or "element":
                return Get(await KeyAsync(node));
            case "unary":
                BcNumber inner = await ComputeAsync(node.Parts[0]!);
                return node.Text is "-" ? -inner : inner;
            case "not":
                return (await ComputeAsync(node.Parts[0]!)).IsZero ? BcNumber.One : BcNumber.Zero;
            case "and" or "or":
                bool left = !(await ComputeAsync(node.Parts[0]!)).IsZero, right = !(await ComputeAsync(node.Parts[1]!)).IsZero;
                return (node.Kind is "and" ? left && right : left || right) ? BcNumber.One : BcNumber.Zero;
            case "binary":
                return Apply(node.Text, await ComputeAsync(node.Parts[0]!), await ComputeAsync(node.Parts[1]!));
            case "assign":
                BcNumber value = await ComputeAsync(node.Parts[1]!);
                string key = await KeyAsync(node.Parts[0]!);
                value = node.Text is "=" ? value : Apply(node.Text[..1], Get(key), value);
                Set(key, value);
                return value;
            case "step":
                string place = await KeyAsync(node.Parts[0]!);
                BcNumber before = Get(place), behind = node.Text.Contains('+', StringComparison.Ordinal) ? before + BcNumber.One : before - BcNumber.One;
                Set(place, behind);
                return node.Text[0] == 'x' ? before : behind;
            default:
                return await CallAsync(node);
        }
    }

    private async ValueTask<string> KeyAsync(BcNode node) => node.Kind is "element" ? $"{node.Text}[{Index(await ComputeAsync(node.Parts[0]!))}]" : node.Text;

    private static string Index(BcNumber number) => number.To(0) is { Digits: { Sign: >= 0 } digits } && digits < MostElements ? digits.ToString(CultureInfo.InvariantCulture) : throw new BcErrorException("Array subscript out of bounds");

    private BcNumber Get(string key) => key switch
    {
        "scale" => new BcNumber(_scale, 0),
        "ibase" => new BcNumber(_input, 0),
        "obase" => new BcNumber(_shown, 0),
        _ => _variables.GetValueOrDefault(key, BcNumber.Zero),
    };

    private void Set(string key, BcNumber value)
    {
        int small = (int)System.Numerics.BigInteger.Min(int.MaxValue, System.Numerics.BigInteger.Max(0, value.To(0).Digits));
        switch (key)
        {
            case "scale":
                _scale = Math.Min(small, LargestScale);
                break;
            case "ibase":
                _input = Math.Clamp(small, 2, 36);
                break;
            case "obase":
                _shown = Math.Clamp(small, 2, 999);
                break;
            case var _ when _variables.Count < MostElements || _variables.ContainsKey(key):
                _variables[key] = value;
                break;
        }
    }

    private BcNumber Apply(string operation, BcNumber a, BcNumber b) => operation switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => BcNumber.Multiply(a, b, _scale),
        "/" => BcNumber.Divide(a, b, _scale),
        "%" => BcNumber.Remainder(a, b, _scale),
        "^" => a.Raise(b, _scale),
        _ => (operation switch { "==" => BcNumber.Compare(a, b) == 0, "!=" => BcNumber.Compare(a, b) != 0, "<" => BcNumber.Compare(a, b) < 0, "<=" => BcNumber.Compare(a, b) <= 0, ">" => BcNumber.Compare(a, b) > 0, _ => BcNumber.Compare(a, b) >= 0 }) ? BcNumber.One : BcNumber.Zero,
    };

    private async ValueTask<BcNumber> CallAsync(BcNode node)
    {
        List<BcNumber> values = [];
        foreach (BcNode? argument in node.Parts)
        {
            values.Add(await ComputeAsync(argument!));
        }

        switch (node.Text)
        {
            case "sqrt" when values.Count == 1:
                return values[0].SquareRoot(_scale);
            case "length" when values.Count == 1:
                return new BcNumber(values[0].Length, 0);
            case "scale" when values.Count == 1:
                return new BcNumber(values[0].Scale, 0);
            case "read":
                return BcNumber.Zero;
        }

        if (HasLibrary && values.Count == 1 && !Functions.ContainsKey(node.Text) && BcFunctions.Compute(node.Text, values[0], _scale) is { } computed)
        {
            return computed;
        }

        if (!Functions.TryGetValue(node.Text, out BcFunction? function))
        {
            throw new BcErrorException($"Function {node.Text} not defined.");
        }

        if (values.Count != function.Parameters.Count)
        {
            throw new BcErrorException("Parameter number mismatch");
        }

        if (++_calls > DeepestCalls)
        {
            throw new BcErrorException("Function nesting too deep");
        }

        Dictionary<string, BcNumber?> before = new(StringComparer.Ordinal);
        foreach (string name in function.Parameters.Concat(function.Locals))
        {
            before[name] = _variables.TryGetValue(name, out BcNumber old) ? old : null;
            _variables.Remove(name);
        }

        for (int n = 0; n < values.Count; n++)
        {
            Set(function.Parameters[n], values[n]);
        }

        _returned = BcNumber.Zero;
        await RunAsync(function.Body);
        _jump = _jump is "return" ? null : _jump;
        foreach ((string name, BcNumber? old) in before)
        {
            _variables.Remove(name);
            if (old is { } value)
            {
                _variables[name] = value;
            }
        }

        _calls--;
        return _returned;
    }
}
