using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Computes the expressions of a program.</summary>
internal sealed class AwkEvaluator(AwkProgram program, AwkVariables variables, AwkStreams streams, Func<AwkStatement, ValueTask> run, TimeProvider time)
{
    private const int DeepestCalls = 60;
    private const int MostFields = 32_768;
    private Random _random = new(0);
    private double _seed;

    public AwkValue Returned { get; set; }

    public async ValueTask<AwkValue> ComputeAsync(AwkExpression expression)
    {
        // A chain of operators is as deep as it is long, and functions call themselves.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new AwkFailureException("expression nesting too deep");
        }

        switch (expression)
        {
            case AwkNumber number:
                return AwkValue.Of(number.Value);
            case AwkText text:
                return AwkValue.Of(text.Value);
            case AwkRegex regex:
                return AwkValue.Of(AwkPatterns.Get(regex.Pattern)?.IsMatch(variables.Record.Get(0)) == true);
            case AwkVariable variable:
                return variables.Get(variable.Name);
            case AwkField field:
                return AwkValue.OfInput(variables.Record.Get(AwkVariables.Index(await ComputeAsync(field.Index))));
            case AwkElement element:
                return variables.Element(variables.Array(element.Array), await IndexAsync(element.Index));
            case AwkIn membership:
                return AwkValue.Of(variables.Array(membership.Array).ContainsKey(await IndexAsync(membership.Index)));
            case AwkUnary unary:
                AwkValue operand = await ComputeAsync(unary.Operand);
                return unary.Operator switch { "!" => AwkValue.Of(!operand.IsTrue), "-" => AwkValue.Of(-operand.Number), "+" => AwkValue.Of(operand.Number), _ => operand };
            case AwkBinary binary:
                return await BinaryAsync(binary);
            case AwkConditional conditional:
                return await ComputeAsync((await ComputeAsync(conditional.Condition)).IsTrue ? conditional.Then : conditional.Else);
            case AwkAssignment assignment:
                return await AssignAsync(assignment);
            case AwkStep step:
                double before = (await ComputeAsync(step.Target)).Number;
                await StoreAsync(step.Target, AwkValue.Of(before + step.Step));
                return AwkValue.Of(step.IsPrefix ? before + step.Step : before);
            case AwkCall call:
                return call.IsBuiltIn ? await BuiltInAsync(call) : await CallAsync(call);
            case AwkGetLine line:
                return await GetLineAsync(line);
            case AwkGroup group:
                return AwkValue.Of(await IndexAsync(group.Items));
            default:
                return AwkValue.Unset;
        }
    }

    public async ValueTask<string> TextAsync(AwkExpression expression) => (await ComputeAsync(expression)).Text(variables.Convert);

    /// <summary>Indices of an element, joined by SUBSEP.</summary>
    public async ValueTask<string> IndexAsync(IReadOnlyList<AwkExpression> index)
    {
        string joined = await TextAsync(index[0]);
        for (int i = 1; i < index.Count; i++)
        {
            joined = Joined(joined, variables.Text("SUBSEP") + await TextAsync(index[i]));
        }

        return joined;
    }

    private static string Joined(string left, string right) => left.Length + right.Length <= AwkVariables.LongestText ? left + right : throw new AwkFailureException("out of memory");

    private async ValueTask<AwkValue> BinaryAsync(AwkBinary binary)
    {
        AwkValue left = await ComputeAsync(binary.Left);
        switch (binary.Operator)
        {
            case "&&":
                return AwkValue.Of(left.IsTrue && (await ComputeAsync(binary.Right)).IsTrue);
            case "||":
                return AwkValue.Of(left.IsTrue || (await ComputeAsync(binary.Right)).IsTrue);
            case "~" or "!~":
                bool isMatch = (await PatternAsync(binary.Right))?.IsMatch(left.Text(variables.Convert)) == true;
                return AwkValue.Of(isMatch == binary.Operator is "~");
        }

        AwkValue right = await ComputeAsync(binary.Right);
        if (binary.Operator is " ")
        {
            return AwkValue.Of(Joined(left.Text(variables.Convert), right.Text(variables.Convert)));
        }

        if (binary.Operator is "<" or "<=" or "==" or "!=" or ">" or ">=")
        {
            int order = AwkValue.Compare(left, right, variables.Convert);
            return AwkValue.Of(binary.Operator switch { "<" => order < 0, "<=" => order <= 0, "==" => order == 0, "!=" => order != 0, ">" => order > 0, _ => order >= 0 });
        }

        return AwkValue.Of(Arithmetic(binary.Operator, left.Number, right.Number));
    }

    private static double Arithmetic(string operation, double left, double right) => operation[0] switch
    {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        '%' => left % right,
        _ => Math.Pow(left, right),
    };

    private async ValueTask<AwkValue> AssignAsync(AwkAssignment assignment)
    {
        AwkValue value = await ComputeAsync(assignment.Value);
        if (assignment.Operator is not "=")
        {
            value = AwkValue.Of(Arithmetic(assignment.Operator, (await ComputeAsync(assignment.Target)).Number, value.Number));
        }

        await StoreAsync(assignment.Target, value);
        return value;
    }

    private async ValueTask StoreAsync(AwkExpression target, AwkValue value)
    {
        switch (target)
        {
            case AwkVariable variable:
                if (variable.Name is "FS")
                {
                    // The record at hand is split as it was.
                    _ = variables.Record.Count;
                }

                variables.Set(variable.Name, value);
                break;
            case AwkElement element:
                variables.Put(variables.Array(element.Array), await IndexAsync(element.Index), value);
                break;
            case AwkField field:
                variables.Record.Set(AwkVariables.Index(await ComputeAsync(field.Index)), value.Text(variables.Convert));
                break;
        }
    }

    private async ValueTask<Regex?> PatternAsync(AwkExpression expression) => AwkPatterns.Get(expression is AwkRegex regex ? regex.Pattern : await TextAsync(expression));

    private async ValueTask<AwkValue> GetLineAsync(AwkGetLine line)
    {
        string? text;
        int result = 1;
        if (line.Command is { } command)
        {
            (result, text) = await streams.ReadAsync(await TextAsync(command), isCommand: true);
        }
        else if (line.File is { } file)
        {
            (result, text) = await streams.ReadAsync(await TextAsync(file), isCommand: false);
        }
        else
        {
            text = await streams.NextAsync();
            result = text is null ? 0 : 1;
        }

        if (result == 1)
        {
            if (line.Command is not null)
            {
                variables.Count("NR");
            }

            await StoreAsync(line.Target ?? new AwkField(new AwkNumber(0)), AwkValue.OfInput(text!));
        }

        return AwkValue.Of(result);
    }

    private async ValueTask<AwkValue> CallAsync(AwkCall call)
    {
        if (!program.Functions.TryGetValue(call.Function, out AwkFunction? function))
        {
            throw new AwkFailureException($"function {call.Function} never defined");
        }

        if (variables.Depth >= DeepestCalls)
        {
            throw new AwkFailureException("function call nesting too deep");
        }

        List<AwkValue> values = [];
        Dictionary<string, Dictionary<string, AwkValue>> arrays = new(StringComparer.Ordinal);
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            // A bare name may be an array that the function fills.
            if (call.Arguments[i] is AwkVariable { Name: { } name } && i < function.Parameters.Count && (variables.IsArray(name) || (function.Arrays.Contains(function.Parameters[i]) && name is not "NF")))
            {
                arrays[function.Parameters[i]] = variables.Array(name);
                values.Add(AwkValue.Unset);
            }
            else
            {
                values.Add(await ComputeAsync(call.Arguments[i]));
            }
        }

        variables.Enter(function, values, arrays);
        Returned = AwkValue.Unset;
        await run(function.Body);
        variables.Leave();
        AwkValue returned = Returned;
        Returned = AwkValue.Unset;
        return returned;
    }

    private async ValueTask<AwkValue> BuiltInAsync(AwkCall call)
    {
        IReadOnlyList<AwkExpression> arguments = call.Arguments;
        switch (call.Function)
        {
            case "length" when arguments is []:
                return AwkValue.Of(variables.Record.Get(0).Length);
            case "length" when arguments is [AwkVariable { Name: { } name }] && variables.IsArray(name):
                return AwkValue.Of(variables.Array(name).Count);
            case "split" when arguments.Count >= 2:
                return await SplitAsync(arguments);
            case "sub" or "gsub" when arguments.Count >= 2:
                return await ReplaceAsync(call.Function is "gsub", arguments);
            case "match" when arguments.Count >= 2:
                return await MatchAsync(arguments);
            case "rand":
                return AwkValue.Of(_random.NextDouble());
            case "srand":
                double before = _seed;
                _seed = arguments.Count > 0 ? (await ComputeAsync(arguments[0])).Number : time.GetUtcNow().ToUnixTimeSeconds();
                _random = new Random(_seed.GetHashCode());
                return AwkValue.Of(before);
            case "systime":
                return AwkValue.Of(time.GetUtcNow().ToUnixTimeSeconds());
            case "system" when arguments.Count > 0:
                return AwkValue.Of(await streams.SystemAsync(await TextAsync(arguments[0])));
            case "close" when arguments.Count > 0:
                return AwkValue.Of(await streams.CloseAsync(await TextAsync(arguments[0])));
            case "fflush":
                await streams.FlushAsync();
                return AwkValue.Of(0);
        }

        List<AwkValue> values = [];
        foreach (AwkExpression argument in arguments)
        {
            values.Add(await ComputeAsync(argument));
        }

        return AwkFunctions.Call(call.Function, values, variables.Convert) ?? AwkValue.Unset;
    }

    private async ValueTask<AwkValue> SplitAsync(IReadOnlyList<AwkExpression> arguments)
    {
        string text = await TextAsync(arguments[0]);
        string separator = arguments.Count < 3 ? variables.Text("FS") : arguments[2] is AwkRegex regex ? regex.Pattern : await TextAsync(arguments[2]);
        if (arguments[1] is not AwkVariable { Name: { } name })
        {
            return AwkValue.Unset;
        }

        Dictionary<string, AwkValue> array = variables.Array(name);
        array.Clear();
        int count = 0;
        foreach (string part in AwkSplit.Fields(text, separator).Take(MostFields))
        {
            variables.Put(array, AwkVariables.Decimal(++count), AwkValue.OfInput(part));
        }

        return AwkValue.Of(count);
    }

    private async ValueTask<AwkValue> ReplaceAsync(bool isEach, IReadOnlyList<AwkExpression> arguments)
    {
        AwkExpression target = arguments.Count > 2 ? arguments[2] is AwkUnary { Operator: "(" } inside ? inside.Operand : arguments[2] : new AwkField(new AwkNumber(0));
        if (await PatternAsync(arguments[0]) is not { } pattern)
        {
            return AwkValue.Of(0);
        }

        string replacement = await TextAsync(arguments[1]);
        (string text, int count) = AwkFunctions.Replace(pattern, replacement, await TextAsync(target), isEach);
        if (count > 0)
        {
            await StoreAsync(target, AwkValue.OfInput(text));
        }

        return AwkValue.Of(count);
    }

    private async ValueTask<AwkValue> MatchAsync(IReadOnlyList<AwkExpression> arguments)
    {
        string text = await TextAsync(arguments[0]);
        Match? found = (await PatternAsync(arguments[1]))?.Match(text);
        bool isFound = found is { Success: true };
        variables.Set("RSTART", AwkValue.Of(isFound ? found!.Index + 1 : 0));
        variables.Set("RLENGTH", AwkValue.Of(isFound ? found!.Length : -1));
        return variables.Get("RSTART");
    }
}
