using Spectre.Console;

namespace GeoSanitation.Cli;

/// <summary>Shows how far a work is: a bar on a terminal, else a line on stderr now and then.</summary>
internal static class ProgressDisplay
{
    /// <summary>Waits for the work.</summary>
    /// <param name="state">What is being done, for a person, and the part done; 1 or more where nobody can tell.</param>
    /// <param name="work">The work.</param>
    internal static async Task<T> ShowAsync<T>(Func<(string Words, double Fraction)> state, Task<T> work)
    {
        if (Console.IsOutputRedirected || Console.IsErrorRedirected)
        {
            await WriteLinesAsync(state, work);
        }
        else
        {
            await DrawBarAsync(state, work);
        }
        return await work;
    }

    private static async Task WriteLinesAsync(Func<(string Words, double Fraction)> state, Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(5))) != work)
        {
            await Console.Error.WriteLineAsync(state().Words);
        }
    }

    private static Task DrawBarAsync(Func<(string Words, double Fraction)> state, Task work)
        => AnsiConsole.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async display =>
            {
                var bar = display.AddTask(Markup.Escape(state().Words), maxValue: 1);
                while (await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(200))) != work)
                {
                    var (words, fraction) = state();
                    bar.Description = Markup.Escape(words);
                    bar.Value = fraction;
                    bar.IsIndeterminate = fraction >= 1;
                }
            });
}
