using GeoSanitation.CountyGenerator;

// dotnet run --project geodata/generator -- FOLDER: writes the sample county's files below FOLDER (the checkout), the same bytes each time.
if (args is not [var folder])
{
    Console.Error.WriteLine("usage: dotnet run --project geodata/generator -- FOLDER");
    return 1;
}
SampleFiles.Write(folder);
return 0;
