using System.Runtime.CompilerServices;
using System.Text;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Runs a program over its input. Steps count against the budget of the command line.</summary>
internal sealed class AwkMachine
{
    /// <summary>Statements that cost a step of the shell.</summary>
    private const int StatementsOfStep = 50;

    private const int LongestLine = 4 << 20;

    private readonly AwkProgram _program;
    private readonly AwkVariables _variables;
    private readonly AwkStreams _streams;
    private readonly AwkEvaluator _evaluator;
    private readonly Budget _budget;
    private readonly CancellationToken _cancellation;
    private readonly HashSet<AwkRule> _open = new(ReferenceEqualityComparer.Instance);
    private string? _jump;
    private int _exit;
    private int _statements;

    public AwkMachine(AwkProgram program, AwkVariables variables, AwkStreams streams, Budget budget, TimeProvider time, CancellationToken cancellation)
    {
        (_program, _variables, _streams, _budget, _cancellation) = (program, variables, streams, budget, cancellation);
        _evaluator = new AwkEvaluator(program, variables, streams, RunFunctionAsync, time);
    }

    /// <returns>The exit status.</returns>
    public async ValueTask<int> RunAsync()
    {
        foreach (AwkStatement begin in _program.Begin)
        {
            await RunAsync(begin);
            _jump = _jump is "exit" ? _jump : null;
        }

        if (_jump is null && (_program.Rules.Count > 0 || _program.End.Count > 0))
        {
            while (_jump is not "exit" && await _streams.NextAsync() is { } record)
            {
                _jump = null;
                _variables.Record.Set(0, record);
                await RunRulesAsync();
                if (_jump is "nextfile")
                {
                    _streams.SkipFile();
                }
            }
        }

        // "exit" in a rule still lets END run; in END it ends the program.
        _jump = null;
        foreach (AwkStatement end in _program.End)
        {
            await RunAsync(end);
            if (_jump is "exit")
            {
                break;
            }
        }

        await _streams.EndAsync();
        return _exit != 0 ? _exit : _streams.Status;
    }

    private async ValueTask RunRulesAsync()
    {
        foreach (AwkRule rule in _program.Rules)
        {
            if (!await FitsAsync(rule))
            {
                continue;
            }

            if (rule.Body is { } body)
            {
                await RunAsync(body);
            }
            else
            {
                await _streams.PrintAsync(_variables.Record.Get(0) + _variables.Text("ORS"));
            }

            if (_jump is not null)
            {
                break;
            }
        }
    }

    private async ValueTask<bool> FitsAsync(AwkRule rule)
    {
        if (rule.Until is null)
        {
            return rule.Pattern is null || (await _evaluator.ComputeAsync(rule.Pattern)).IsTrue;
        }

        if (!_open.Contains(rule) && !(await _evaluator.ComputeAsync(rule.Pattern!)).IsTrue)
        {
            return false;
        }

        _open.Add(rule);
        if ((await _evaluator.ComputeAsync(rule.Until)).IsTrue)
        {
            _open.Remove(rule);
        }

        return true;
    }

    private async ValueTask RunFunctionAsync(AwkStatement body)
    {
        await RunAsync(body);
        _jump = _jump is "return" ? null : _jump;
    }

    private async ValueTask RunAsync(AwkStatement statement)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new AwkFailureException("statement nesting too deep");
        }

        await CountAsync();
        switch (statement)
        {
            case AwkBlock block:
                foreach (AwkStatement one in block.Statements)
                {
                    await RunAsync(one);
                    if (_jump is not null)
                    {
                        return;
                    }
                }

                break;
            case AwkEvaluate evaluate:
                await _evaluator.ComputeAsync(evaluate.Expression);
                break;
            case AwkPrint print:
                await PrintAsync(print);
                break;
            case AwkIf condition:
                if ((await _evaluator.ComputeAsync(condition.Condition)).IsTrue)
                {
                    await RunAsync(condition.Then);
                }
                else if (condition.Else is { } otherwise)
                {
                    await RunAsync(otherwise);
                }

                break;
            case AwkLoop loop:
                await LoopAsync(loop);
                break;
            case AwkForIn each:
                foreach (string index in _variables.Array(each.Array).Keys.ToArray())
                {
                    _variables.Set(each.Variable, AwkValue.OfInput(index));
                    await RunAsync(each.Body);
                    if (EndsLoop())
                    {
                        break;
                    }
                }

                break;
            case AwkDelete { Index: { } gone } delete:
                _variables.Array(delete.Array).Remove(await _evaluator.IndexAsync(gone));
                break;
            case AwkDelete delete:
                _variables.Array(delete.Array).Clear();
                break;
            case AwkJump jump:
                await JumpAsync(jump);
                break;
        }
    }

    private async ValueTask LoopAsync(AwkLoop loop)
    {
        if (loop.Before is { } before)
        {
            await RunAsync(before);
        }

        while (loop.IsTestedLast || loop.Condition is null || (await _evaluator.ComputeAsync(loop.Condition)).IsTrue)
        {
            await RunAsync(loop.Body);
            if (EndsLoop())
            {
                break;
            }

            if (loop.After is { } after)
            {
                await RunAsync(after);
            }

            if (loop.IsTestedLast && !(await _evaluator.ComputeAsync(loop.Condition!)).IsTrue)
            {
                break;
            }

            // An empty body is work as well.
            await CountAsync();
        }
    }

    private ValueTask CountAsync() => ++_statements % StatementsOfStep == 0 ? _budget.StepAsync(_cancellation) : _budget.GiveWayAsync(_cancellation);

    /// <summary>Whether the loop is over; "break" and "continue" are done with.</summary>
    private bool EndsLoop()
    {
        if (_jump is "continue" or null)
        {
            _jump = null;
            return false;
        }

        _jump = _jump is "break" ? null : _jump;
        return true;
    }

    private async ValueTask JumpAsync(AwkJump jump)
    {
        if (jump.Value is { } expression)
        {
            AwkValue value = await _evaluator.ComputeAsync(expression);
            if (jump.Word is "exit")
            {
                _exit = AwkVariables.Index(value) & 0xFF;
            }
            else
            {
                _evaluator.Returned = value;
            }
        }

        _jump = jump.Word;
    }

    private async ValueTask PrintAsync(AwkPrint print)
    {
        StringBuilder text = new();
        if (print.IsFormatted)
        {
            List<AwkValue> values = [];
            foreach (AwkExpression item in print.Items)
            {
                values.Add(await _evaluator.ComputeAsync(item));
            }

            text.Append(AwkFormat.Apply(values[0].Text(_variables.Convert), values[1..], _variables.Convert));
        }
        else
        {
            for (int i = 0; i < print.Items.Count; i++)
            {
                text.Append(i > 0 ? _variables.Text("OFS") : "").Append((await _evaluator.ComputeAsync(print.Items[i])).Text(_variables.Text("OFMT")));
                if (text.Length > LongestLine)
                {
                    throw new AwkFailureException("out of memory");
                }
            }

            text.Append(print.Items.Count == 0 ? _variables.Record.Get(0) : "").Append(_variables.Text("ORS"));
        }

        if (print.Redirection is { } kind)
        {
            await _streams.WriteAsync(kind, await _evaluator.TextAsync(print.To!), text.ToString());
        }
        else
        {
            await _streams.PrintAsync(text.ToString());
        }
    }
}
